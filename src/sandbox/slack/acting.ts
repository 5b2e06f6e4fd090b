import { deliver } from "./delivery.ts";
import type { Acknowledged, Retry, SentRequest } from "./delivery.ts";
import type { EmulatedSlack } from "./emulated.ts";
import { toText } from "./json.ts";
import type { Json } from "./json.ts";
import type { ResponseUrls } from "./response-url.ts";
import type { EnvelopeType, SocketMode } from "./socket-mode.ts";
import type { ShownMessage, ThreadView } from "./thread-view.ts";
import { APP_ID } from "./workspace.ts";
import type { SeededChannel, Workspace } from "./workspace.ts";

/** Where to send: the bot's /slack/events. Left out, the URL given to `connect`, or an open socket. */
export interface Target {
  readonly url?: string;
}
export interface Acting extends Target {
  /** User id; the on-call person when it is left out. */
  readonly user?: string;
}

export interface DriverContext {
  readonly emulated: EmulatedSlack;
  readonly workspace: Workspace;
  readonly view: ThreadView;
  readonly socketMode: SocketMode;
  readonly responseUrls: ResponseUrls;
  readonly signingSecret: string;
  readonly requestUrl: string | null;
  readonly now: () => number;
}

/** What everything that people do has in common: who, where, and how it reaches the bot. */
export interface Stage extends Omit<DriverContext, "requestUrl" | "signingSecret" | "socketMode"> {
  readonly connect: (url: string | null) => void;
  readonly send: (type: EnvelopeType, payload: Json, target: Target) => Promise<Acknowledged>;
  readonly again: (request: SentRequest, retry: Retry) => Promise<Acknowledged>;
  readonly userOf: (acting: Acting) => string;
  /** #incidents when it is left out. */
  readonly channelOf: (wanted: string | undefined) => SeededChannel;
  /** The token of a person, to act as them. */
  readonly tokenOf: (user: string) => string;
  /** Lives 3 s. */
  readonly trigger: (user: string) => Promise<string>;
  /** A message as Slack's payloads carry it. */
  readonly asSlack: (message: ShownMessage) => Json;
}

export function createStage(context: DriverContext): Stage {
  const { emulated, workspace } = context;
  const { people } = workspace;
  let connected = context.requestUrl;
  return {
    ...context,
    connect: (url) => {
      connected = url;
    },
    send: (type, payload, { url }) =>
      deliver({ type, payload, url: url ?? connected }, undefined, context),
    again: (request, retry) => deliver(request, retry, context),
    userOf: ({ user }) => user ?? people.oncall.id,
    channelOf: (wanted = "incidents") => workspace.named(wanted),
    tokenOf: (user) =>
      Object.values(people).find(({ id }) => id === user)?.token ?? people.oncall.token,
    async trigger(user) {
      const args = { user_id: user };
      const answer = await emulated.call("views.generateTriggerId", args, people.bot.token);
      return toText(answer["trigger_id"]);
    },
    asSlack: (message) => ({
      type: "message",
      user: message.user,
      ...(message.user === people.bot.id ? { app_id: APP_ID } : {}),
      ts: message.ts,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
      text: message.text,
      blocks: message.blocks.map((block, index) => ({ block_id: `sandbox-${index}`, ...block })),
    }),
  };
}
