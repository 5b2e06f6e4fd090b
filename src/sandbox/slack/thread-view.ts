import { toList, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";

/** A message as a person sees it now. `ts` is Slack's id of a message within its channel. */
export interface ShownMessage {
  readonly ts: string;
  readonly channel: string;
  /** The `ts` of the thread's root; null for a message in the channel itself. */
  readonly threadTs: string | null;
  /** User id of the author. */
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly attachments: readonly Json[];
  readonly metadata: Json | null;
  readonly files: readonly Json[];
  /** The only person who sees it; null for a message that everyone in the channel sees. */
  readonly ephemeralFor: string | null;
  readonly viaResponseUrl: boolean;
  /** Earlier contents, oldest first. */
  readonly edits: readonly Edit[];
  /** Emoji name to user ids. */
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

export interface Edit {
  /** ISO 8601, when it was replaced. */
  readonly at: string;
  readonly text: string;
  readonly blocks: readonly Json[];
}

/** Something that people saw happen. `at` is ISO 8601. */
export interface ThreadEvent {
  readonly type: "post" | "update" | "delete" | "ephemeral" | "reaction" | "view";
  readonly at: string;
  /** "view": the modal or Home tab; otherwise absent. */
  readonly view?: Json;
  /** The message afterwards (before, for "delete"); absent for "view". */
  readonly message?: ShownMessage;
}

export interface ThreadView {
  readonly events: readonly ThreadEvent[];
  /** Oldest first, without what was deleted; ephemeral messages among them. */
  messages(channel: string): readonly ShownMessage[];
  find(channel: string, ts: string): ShownMessage | undefined;
  /** A message as the Web API answered it. */
  post(channel: string, message: Json, extra?: Partial<ShownMessage>): ShownMessage;
  update(channel: string, ts: string, content: Partial<ShownMessage>): ShownMessage | undefined;
  remove(channel: string, ts: string): void;
  react(channel: string, ts: string, name: string, users: readonly string[]): void;
  showView(view: Json): void;
  readonly subscribe: (listener: (event: ThreadEvent) => void) => () => void;
}

export function createThreadView(now: () => number): ThreadView {
  const shown = new Map<string, ShownMessage>();
  const events: ThreadEvent[] = [];
  const listeners = new Set<(event: ThreadEvent) => void>();
  const keyOf = (channel: string, ts: string): string => `${channel}/${ts}`;
  const at = (): string => new Date(now()).toISOString();
  const record = (event: Omit<ThreadEvent, "at">): void => {
    const complete = { ...event, at: at() };
    events.push(complete);
    for (const listener of listeners) listener(complete);
  };
  const replace = (type: ThreadEvent["type"], message: ShownMessage): ShownMessage => {
    shown.set(keyOf(message.channel, message.ts), message);
    record({ type, message });
    return message;
  };

  return {
    events,
    messages: (channel) =>
      [...shown.values()]
        .filter((message) => message.channel === channel)
        .toSorted((a, b) => a.ts.localeCompare(b.ts)),
    find: (channel, ts) => shown.get(keyOf(channel, ts)),
    post(channel, message, extra) {
      const ts = toText(message["ts"]);
      const threadTs = toText(message["thread_ts"]);
      const posted: ShownMessage = {
        ts,
        channel,
        threadTs: threadTs === "" || threadTs === ts ? null : threadTs,
        user: toText(message["user"]),
        text: toText(message["text"]),
        blocks: toList(message["blocks"]),
        attachments: toList(message["attachments"]),
        metadata: message["metadata"] === undefined ? null : toObject(message["metadata"]),
        files: toList(message["files"]),
        ephemeralFor: null,
        viaResponseUrl: false,
        edits: [],
        reactions: {},
        ...extra,
      };
      return replace(posted.ephemeralFor === null ? "post" : "ephemeral", posted);
    },
    update(channel, ts, content) {
      const before = shown.get(keyOf(channel, ts));
      if (before === undefined) return undefined;
      const edit: Edit = { at: at(), text: before.text, blocks: before.blocks };
      return replace("update", { ...before, ...content, edits: [...before.edits, edit] });
    },
    remove(channel, ts) {
      const message = shown.get(keyOf(channel, ts));
      if (message === undefined) return;
      shown.delete(keyOf(channel, ts));
      record({ type: "delete", message });
    },
    react(channel, ts, name, users) {
      const message = shown.get(keyOf(channel, ts));
      if (message === undefined) return;
      const { [name]: _, ...others } = message.reactions;
      replace("reaction", {
        ...message,
        reactions: users.length === 0 ? others : { ...others, [name]: users },
      });
    },
    showView: (view) => record({ type: "view", view }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
