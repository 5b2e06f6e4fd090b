import { refuseBlocks, refuseUpdatedText, refuseView } from "./blocks/validate.ts";
import type { Refusal } from "./blocks/validate.ts";
import type { EmulatedSlack } from "./emulated.ts";
import { toList, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";
import { isTrue } from "./request-args.ts";
import { toRead } from "./read-messages.ts";
import { showAnswer } from "./show-answer.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { ThreadView } from "./thread-view.ts";
import { APP_ID, BOT_ID, TEAM } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

export interface Caller {
  readonly kind: "bot" | "person" | "app";
  readonly userId: string;
  readonly token: string;
}

export interface MethodContext {
  readonly emulated: EmulatedSlack;
  readonly workspace: Workspace;
  readonly view: ThreadView;
  readonly socketMode: SocketMode;
  readonly socketBase: string;
  /** What Slack answers for a private channel that the bot is not in. */
  readonly privateAnswer: "not_in_channel" | "channel_not_found";
}

export const failed = (error: string): Json => ({ ok: false, error });
export const refused = ({ error, messages }: Refusal): Json => ({
  ok: false,
  error,
  errors: messages.map((message) => message.replace("[ERROR] ", "")),
  response_metadata: { messages },
});

/** Methods that emulate does not have. */
const own: Readonly<Record<string, (args: Json, context: MethodContext) => Json>> = {
  "api.test": (args) => ({ ok: true, args }),
  "apps.connections.open": (_, { socketMode, socketBase }) => ({
    ok: true,
    url: socketMode.newUrl(socketBase),
  }),
  "usergroups.list": (args, { workspace }) => ({
    ok: true,
    usergroups: workspace.groups.map(({ users, ...group }) => ({
      ...group,
      team_id: TEAM.id,
      is_usergroup: true,
      user_count: users.length,
      ...(isTrue(args["include_users"]) ? { users } : {}),
    })),
  }),
  "usergroups.users.list": (args, { workspace }) => {
    const group = workspace.groups.find(({ id }) => id === args["usergroup"]);
    return group === undefined ? failed("no_such_subteam") : { ok: true, users: group.users };
  },
  "assistant.threads.setStatus": (args) =>
    toText(args["channel_id"]) === "" || toText(args["thread_ts"]) === ""
      ? failed("invalid_arguments")
      : { ok: true },
  "blocks.validate": (args) => {
    const refusal = refuseBlocks(args["blocks"], "message");
    return refusal === null ? { ok: true } : refused(refusal);
  },
};

const NEED_NO_TOKEN = new Set(["api.test", "blocks.validate"]);
export const needsToken = (method: string): boolean => !NEED_NO_TOKEN.has(method);

/** Methods that name the channel they touch in `channel`. */
const IN_CHANNEL =
  /^(chat\.(postMessage|postEphemeral|update|delete|getPermalink)|conversations\.(history|replies|info)|reactions\.(add|remove))$/;

/** Carries one call out: what our rules refuse, what we serve, or what emulate serves. */
export async function carryOut(
  method: string,
  args: Json,
  caller: Caller,
  context: MethodContext,
): Promise<Json> {
  if ((method === "apps.connections.open") !== (caller.kind === "app") && needsToken(method)) {
    return failed("not_allowed_token_type");
  }
  const refusal = refusalOf(method, args, caller, context);
  if (refusal !== null) return refusal;
  const served = own[method];
  if (served !== undefined) return served(args, context);
  const isBotPost = caller.kind === "bot" && method.startsWith("chat.post");
  const sent = isBotPost ? { ...args, bot_id: BOT_ID, app_id: APP_ID } : args;
  const answer = await context.emulated.call(method, sent, caller.token);
  if (typeof answer["ok"] !== "boolean") return failed("unknown_method");
  if (answer["ok"]) showAnswer(method, args, answer, context);
  return answer["ok"] && method.startsWith("conversations.")
    ? toRead(method, args, answer)
    : answer;
}

function refusalOf(
  method: string,
  args: Json,
  caller: Caller,
  context: MethodContext,
): Json | null {
  if (IN_CHANNEL.test(method) && caller.kind === "bot") {
    const problem = channelProblem(toText(args["channel"]), method, context);
    if (problem !== null) return failed(problem);
  }
  if (
    method === "chat.postMessage" ||
    method === "chat.postEphemeral" ||
    method === "chat.update"
  ) {
    const inAttachments = toList(args["attachments"]).map(({ blocks }) =>
      refuseBlocks(blocks, "message"),
    );
    const text = method === "chat.update" ? refuseUpdatedText(args["text"]) : null;
    const refusal =
      text ??
      refuseBlocks(args["blocks"], "message") ??
      inAttachments.find((each) => each !== null);
    if (refusal != null) return refused(refusal);
  }
  if (/^views\.(open|push|update|publish)$/.test(method)) {
    const refusal = refuseView(toObject(args["view"]));
    if (refusal !== null) return refused(refusal);
  }
  return null;
}

function channelProblem(
  wanted: string,
  method: string,
  { workspace, view, privateAnswer }: MethodContext,
): string | null {
  // Direct messages are opened on the way and are emulate's to look after.
  if (/^[UDW]/.test(wanted)) return null;
  const channel = workspace.channel(wanted);
  if (channel === undefined) return "channel_not_found";
  if (channel.hasBot) return null;
  if (channel.isPrivate) return privateAnswer;
  const writes =
    method.startsWith("chat.") ||
    method.startsWith("reactions.") ||
    method === "conversations.history";
  return writes || view.messages(channel.id).length > 0 ? "not_in_channel" : null;
}
