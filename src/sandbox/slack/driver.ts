import { randomUUID } from "node:crypto";
import { isObject, parseJson, toList, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";
import type { EmulatedSlack } from "./emulated.ts";
import type { ResponseUrls } from "./response-url.ts";
import { signedHeaders } from "./signature.ts";
import type { EnvelopeType, SocketMode } from "./socket-mode.ts";
import type { ShownMessage, ThreadView } from "./thread-view.ts";
import { APP_ID, BOT_USER_ID, TEAM } from "./workspace.ts";
import type { Workspace } from "./workspace.ts";

/** How the bot answered something a person did. */
export interface Acknowledged {
  /** HTTP status (200 over a socket); null when nothing came within the 3 s that Slack waits. */
  readonly status: number | null;
  readonly body: string;
  /** Milliseconds until the answer, or until Slack gave up. */
  readonly tookMs: number;
  /** What was sent, to be sent again with `redeliver`. */
  readonly request: SentRequest;
}

export interface SentRequest {
  readonly type: EnvelopeType;
  readonly payload: Json;
  /** Over HTTP; null for a socket. */
  readonly url: string | null;
}

export interface Retry {
  readonly num: number;
  readonly reason: "http_timeout" | "http_error" | "connection_failed";
}

/** Where to send: the bot's /slack/events. Left out, the URL given to `connect`, or an open socket. */
interface Target {
  readonly url?: string;
}
interface Acting extends Target {
  /** User id; the on-call person when it is left out. */
  readonly user?: string;
}

/** What people do in Slack. Resolves when the bot has acknowledged. */
export interface Driver {
  /** The bot's request URL, for everything from now on; null for Socket Mode. */
  connect(url: string | null): void;
  verifyUrl(target?: Target): Promise<Acknowledged>;
  /** `channel` is an id or a name, #incidents when left out; `text` is what follows the command. */
  slashCommand(args: Acting & { readonly text: string; readonly channel?: string; readonly command?: string }): Promise<Acknowledged>;
  /** Posts "@hokusai text" as the person, in a thread or not, and tells the bot. */
  mention(args: Acting & { readonly text: string; readonly channel?: string; readonly threadTs?: string }): Promise<Acknowledged>;
  /** Posts a plain message as the person; the bot is told only where it listens to messages. */
  say(args: Acting & { readonly text: string; readonly channel?: string; readonly threadTs?: string }): Promise<ShownMessage>;
  /** Presses a button or chooses `value`. Throws when the message holds no such element. */
  blockAction(args: Acting & { readonly message: ShownMessage; readonly actionId: string; readonly value?: string }): Promise<Acknowledged>;
  /** `values`: block_id -> action_id -> { type, value | selected_option ... }, as Slack reports them. */
  viewSubmission(args: Acting & { readonly view: Json; readonly values?: Json }): Promise<Acknowledged>;
  viewClosed(args: Acting & { readonly view: Json }): Promise<Acknowledged>;
  messageShortcut(args: Acting & { readonly message: ShownMessage; readonly callbackId: string }): Promise<Acknowledged>;
  globalShortcut(args: Acting & { readonly callbackId: string }): Promise<Acknowledged>;
  openHome(args?: Acting): Promise<Acknowledged>;
  react(args: Acting & { readonly message: ShownMessage; readonly name: string }): Promise<Acknowledged>;
  /** Adds the bot to a channel, as "/invite @hokusai" does. */
  invite(args: { readonly channel: string }): Promise<void>;
  /** The same request again, marked as Slack marks its retries. */
  redeliver(sent: Acknowledged, retry: Retry): Promise<Acknowledged>;
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

const ACK_WITHIN_MS = 3_000;

export function createDriver(context: DriverContext): Driver {
  const { emulated, workspace, view, socketMode, responseUrls, signingSecret, now } = context;
  const { people } = workspace;
  let connected = context.requestUrl;

  const userOf = ({ user }: Acting): string => user ?? people.oncall.id;
  const channelOf = (wanted = "incidents"): { readonly id: string; readonly name: string } => {
    const channel = workspace.channel(wanted);
    if (channel === undefined) throw new Error(`no channel ${wanted}`);
    return channel;
  };
  const tokenOf = (user: string): string =>
    Object.values(people).find(({ id }) => id === user)?.token ?? people.oncall.token;
  const trigger = async (user: string): Promise<string> =>
    toText((await emulated.call("views.generateTriggerId", { user_id: user }, people.bot.token))["trigger_id"]);
  const common = async (user: string): Promise<Json> => ({
    team: TEAM,
    user: { id: user, username: workspace.nameOf(user), name: workspace.nameOf(user), team_id: TEAM.id },
    api_app_id: APP_ID,
    token: "sandbox",
    is_enterprise_install: false,
    enterprise: null,
    trigger_id: await trigger(user),
  });

  const send = async (request: SentRequest, retry?: Retry): Promise<Acknowledged> => {
    const startedAt = performance.now();
    const took = (): number => performance.now() - startedAt;
    if (request.url !== null) {
      const { body, contentType } = encoded(request);
      const headers = {
        ...signedHeaders(signingSecret, body, now()),
        "content-type": contentType,
        connection: "close",
        ...(retry === undefined ? {} : { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
      };
      try {
        const answer = await fetch(request.url, { method: "POST", body, headers, signal: AbortSignal.timeout(ACK_WITHIN_MS) });
        return { status: answer.status, body: await answer.text(), tookMs: took(), request };
      } catch {
        return { status: null, body: "", tookMs: took(), request };
      }
    }
    if (socketMode.connections === 0) throw new Error("the bot is not connected: no request URL and no open socket");
    const again = retry === undefined ? {} : { retry_attempt: retry.num, retry_reason: retry.reason };
    const answer = await socketMode.deliver(request.type, request.payload, again, ACK_WITHIN_MS);
    const body = answer?.payload === undefined || answer.payload === null ? "" : JSON.stringify(answer.payload);
    return { status: answer === null ? null : 200, body, tookMs: took(), request };
  };
  const urlOf = ({ url }: Target): string | null => url ?? connected;
  const interact = (target: Target, payload: Json): Promise<Acknowledged> =>
    send({ type: "interactive", payload, url: urlOf(target) });
  const dispatch = (target: Target, event: Json): Promise<Acknowledged> =>
    send({
      type: "events_api",
      url: urlOf(target),
      payload: {
        token: "sandbox",
        team_id: TEAM.id,
        api_app_id: APP_ID,
        type: "event_callback",
        event_id: `Ev${randomUUID().replaceAll("-", "").slice(0, 12).toUpperCase()}`,
        event_time: Math.floor(now() / 1_000),
        authorizations: [{ enterprise_id: null, team_id: TEAM.id, user_id: BOT_USER_ID, is_bot: true }],
        event,
      },
    });
  const say: Driver["say"] = async (args) => {
    const { id } = channelOf(args.channel);
    const thread = args.threadTs === undefined ? {} : { thread_ts: args.threadTs };
    const answer = await emulated.call("chat.postMessage", { channel: id, text: args.text, ...thread }, tokenOf(userOf(args)));
    return view.post(id, toObject(answer["message"]));
  };
  const asSlack = (message: ShownMessage): Json => ({
    type: "message",
    user: message.user,
    ...(message.user === people.bot.id ? { app_id: APP_ID } : {}),
    ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    text: message.text,
    blocks: message.blocks.map((block, index) => ({ block_id: `sandbox-${index}`, ...block })),
  });

  /** What an acknowledgement says is shown like a message of the response_url; silence shows an error. */
  const showAnswer = async (sent: Acknowledged, origin: { readonly channel: string; readonly user: string }, command: string): Promise<void> => {
    const full = { ...origin, messageTs: null };
    if (sent.status === 200) {
      if (sent.body.trim() === "") return;
      const parsed = parseJson(sent.body);
      await responseUrls.respond(full, isObject(parsed) ? parsed : { text: sent.body });
      return;
    }
    const silent = sent.status === null && sent.tookMs >= ACK_WITHIN_MS - 50;
    const error = silent ? "operation_timeout" : "dispatch_failed";
    await responseUrls.respond(full, { text: `${command} failed with the error "${error}"` });
  };

  return {
    connect: (url) => {
      connected = url;
    },
    verifyUrl: (target = {}) =>
      send({ type: "events_api", url: urlOf(target), payload: { type: "url_verification", token: "sandbox", challenge: randomUUID() } }),
    async slashCommand(args) {
      const user = userOf(args);
      const channel = channelOf(args.channel);
      const command = args.command ?? "/hokusai";
      const payload = {
        token: "sandbox",
        team_id: TEAM.id,
        team_domain: TEAM.domain,
        channel_id: channel.id,
        channel_name: workspace.channel(channel.id)?.isPrivate === true ? "privategroup" : channel.name,
        user_id: user,
        user_name: workspace.nameOf(user),
        command,
        text: args.text,
        api_app_id: APP_ID,
        is_enterprise_install: "false",
        response_url: responseUrls.create({ channel: channel.id, user, messageTs: null }),
        trigger_id: await trigger(user),
      };
      const sent = await send({ type: "slash_commands", payload, url: urlOf(args) });
      await showAnswer(sent, { channel: channel.id, user }, command);
      return sent;
    },
    async mention(args) {
      const posted = await say({ ...args, text: `<@${BOT_USER_ID}> ${args.text}` });
      return dispatch(args, { ...asSlack(posted), blocks: undefined, type: "app_mention", channel: posted.channel, event_ts: posted.ts });
    },
    say,
    async blockAction(args) {
      const user = userOf(args);
      const { message, actionId } = args;
      const shown = asSlack(message);
      const found = findElement(toList(shown["blocks"]), actionId);
      if (found === undefined) throw new Error(`the message has no element ${actionId}`);
      const origin = { channel: message.channel, user, messageTs: message.ts };
      return interact(args, {
        type: "block_actions",
        ...(await common(user)),
        container: {
          type: "message",
          message_ts: message.ts,
          channel_id: message.channel,
          is_ephemeral: message.ephemeralFor !== null,
          ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
        },
        channel: { id: message.channel, name: workspace.channel(message.channel)?.name ?? "directmessage" },
        ...(message.ephemeralFor === null ? { message: shown } : {}),
        state: { values: {} },
        response_url: responseUrls.create(origin),
        actions: [{ ...found.element, ...chosen(found.element, args.value), block_id: found.blockId, action_ts: message.ts }],
      });
    },
    async viewSubmission(args) {
      const withState = { ...args.view, state: { values: args.values ?? {} } };
      return interact(args, { type: "view_submission", ...(await common(userOf(args))), view: withState, response_urls: [] });
    },
    async viewClosed(args) {
      return interact(args, { type: "view_closed", ...(await common(userOf(args))), view: args.view, is_cleared: false });
    },
    async messageShortcut(args) {
      const { message } = args;
      const user = userOf(args);
      return interact(args, {
        type: "message_action",
        ...(await common(user)),
        callback_id: args.callbackId,
        action_ts: message.ts,
        message_ts: message.ts,
        channel: { id: message.channel, name: workspace.channel(message.channel)?.name ?? "directmessage" },
        message: asSlack(message),
        response_url: responseUrls.create({ channel: message.channel, user, messageTs: message.ts }),
      });
    },
    async globalShortcut(args) {
      return interact(args, { type: "shortcut", ...(await common(userOf(args))), callback_id: args.callbackId, action_ts: String(now() / 1_000) });
    },
    openHome: (args = {}) =>
      dispatch(args, { type: "app_home_opened", user: userOf(args), tab: "home", channel: "D0HOME", event_ts: String(now() / 1_000) }),
    async react(args) {
      const { message, name } = args;
      const user = userOf(args);
      await emulated.call("reactions.add", { channel: message.channel, timestamp: message.ts, name }, tokenOf(user));
      const others = view.find(message.channel, message.ts)?.reactions[name] ?? [];
      view.react(message.channel, message.ts, name, [...others, user]);
      const item = { type: "message", channel: message.channel, ts: message.ts };
      return dispatch(args, { type: "reaction_added", user, reaction: name, item, item_user: message.user, event_ts: String(now() / 1_000) });
    },
    async invite(args) {
      const { id } = channelOf(args.channel);
      await emulated.call("conversations.invite", { channel: id, users: BOT_USER_ID }, people.oncall.token);
      workspace.setBot(id, true);
    },
    redeliver: (sent, retry) => send(sent.request, retry),
  };
}

/** Slash commands are forms, interactions a form with JSON in it, events JSON. */
function encoded({ type, payload }: SentRequest): { readonly body: string; readonly contentType: string } {
  if (type === "events_api") return { body: JSON.stringify(payload), contentType: "application/json" };
  const fields = type === "interactive" ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>);
  return { body: new URLSearchParams(fields).toString(), contentType: "application/x-www-form-urlencoded" };
}

function findElement(value: unknown, actionId: string, blockId = ""): { readonly element: Json; readonly blockId: string } | undefined {
  if (Array.isArray(value)) {
    for (const entry of value) {
      const found = findElement(entry, actionId, blockId);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (value["action_id"] === actionId) return { element: value, blockId };
  const inside = toText(value["block_id"]) || blockId;
  return findElement(Object.values(value).filter((entry) => typeof entry === "object"), actionId, inside);
}

/** What a person chose in a menu; a button carries its own value. */
function chosen(element: Json, value: string | undefined): Json {
  if (value === undefined || element["type"] === "button") return {};
  const options = [...toList(element["options"]), ...toList(element["option_groups"]).flatMap((group) => toList(group["options"]))];
  const option = options.find((each) => each["value"] === value);
  if (options.length > 0 && option === undefined) throw new Error(`the menu has no option ${value}`);
  return option === undefined ? { value } : { selected_option: option };
}
