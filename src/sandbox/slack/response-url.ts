import { randomUUID } from "node:crypto";
import { refuseBlocks } from "./blocks/validate.ts";
import type { EmulatedSlack } from "./emulated.ts";
import { isObject, parseJson, toText } from "./json.ts";
import type { Json } from "./json.ts";
import { isTrue } from "./request-args.ts";
import type { ThreadView } from "./thread-view.ts";
import type { Workspace } from "./workspace.ts";

/** Where a response_url came from: who acted, and on which message. */
export interface Origin {
  readonly channel: string;
  readonly user: string;
  /** The message that was acted on; null for a slash command. */
  readonly messageTs: string | null;
}

export interface ResponseUrls {
  create(origin: Origin): string;
  /** Takes a POST on one of them; HTTP status and body as Slack gives them. */
  take(path: string, body: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Shows what an acknowledgement carried: the same rules, no use counted. */
  respond(origin: Origin, content: Json): Promise<string>;
}

const USES = 5;
const LIFE_MS = 30 * 60_000;

export interface ResponseUrlContext {
  readonly emulated: EmulatedSlack;
  readonly workspace: Workspace;
  readonly view: ThreadView;
  readonly base: string;
  readonly now: () => number;
}

export function createResponseUrls({
  emulated,
  workspace,
  view,
  base,
  now,
}: ResponseUrlContext): ResponseUrls {
  const issued = new Map<
    string,
    { readonly origin: Origin; readonly until: number; left: number }
  >();
  const bot = workspace.people.bot;
  let counter = 0;
  // Messages that only one person sees, or where the bot is no member, have no place in emulate.
  const ownTs = (): string => `${Math.floor(now() / 1_000)}.9${String(++counter).padStart(5, "0")}`;

  const respond = async (origin: Origin, content: Json): Promise<string> => {
    const original =
      origin.messageTs === null ? undefined : view.find(origin.channel, origin.messageTs);
    if (isTrue(content["delete_original"])) {
      if (original === undefined) return "message_not_found";
      if (original.ephemeralFor === null) {
        await emulated.call("chat.delete", { channel: origin.channel, ts: original.ts }, bot.token);
      }
      view.remove(origin.channel, original.ts);
      return "ok";
    }
    const text = toText(content["text"]);
    const { blocks = [] } = content;
    if (text === "" && (!Array.isArray(blocks) || blocks.length === 0)) return "no_text";
    const refusal = refuseBlocks(blocks, "message");
    if (refusal !== null) return refusal.error;
    const message = {
      text,
      blocks,
      ...(content["thread_ts"] === undefined ? {} : { thread_ts: content["thread_ts"] }),
    };
    if (isTrue(content["replace_original"]) && original !== undefined) {
      if (original.ephemeralFor === null) {
        await emulated.call(
          "chat.update",
          { ...message, channel: origin.channel, ts: original.ts },
          bot.token,
        );
      }
      view.update(origin.channel, original.ts, { text, blocks: blocks as readonly Json[] });
      return "ok";
    }
    const extra = { viaResponseUrl: true };
    if (content["response_type"] !== "in_channel") {
      view.post(
        origin.channel,
        { ...message, ts: ownTs(), user: bot.id },
        { ...extra, ephemeralFor: origin.user },
      );
    } else if (workspace.channel(origin.channel)?.hasBot === true) {
      const answer = await emulated.call(
        "chat.postMessage",
        { ...message, channel: origin.channel },
        bot.token,
      );
      view.post(origin.channel, answer["message"] as Json, extra);
    } else {
      view.post(origin.channel, { ...message, ts: ownTs(), user: bot.id }, extra);
    }
    return "ok";
  };

  return {
    create(origin) {
      const path = `/response/${workspace.channel(origin.channel)?.name ?? "channel"}/${randomUUID()}`;
      issued.set(path, { origin, until: now() + LIFE_MS, left: USES });
      return `${base}${path}`;
    },
    respond,
    async take(path, body) {
      const known = issued.get(path);
      if (known === undefined) return { status: 404, body: "not_found" };
      if (now() > known.until) return { status: 404, body: "expired_url" };
      if (known.left === 0) return { status: 404, body: "used_url" };
      known.left -= 1;
      const content = parseJson(body);
      if (!isObject(content)) return { status: 400, body: "invalid_payload" };
      const result = await respond(known.origin, content);
      return {
        status: result === "ok" ? 200 : result === "message_not_found" ? 404 : 400,
        body: result,
      };
    },
  };
}
