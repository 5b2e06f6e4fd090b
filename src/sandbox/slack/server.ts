import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { createFailurePlan } from "../failures.ts";
import type { Failures } from "../failures.ts";
import { listenOnLoopback, readBody } from "../loopback.ts";
import { createDriver } from "./driver.ts";
import type { Driver } from "./driver.ts";
import { startEmulated } from "./emulated.ts";
import type { Json } from "./json.ts";
import { carryOut, failed, needsToken } from "./methods.ts";
import type { Caller, MethodContext } from "./methods.ts";
import { createRates } from "./rates.ts";
import { renderText } from "./render-text.ts";
import { readArgs, readToken } from "./request-args.ts";
import { createResponseUrls } from "./response-url.ts";
import { createSocketMode } from "./socket-mode.ts";
import type { SocketMode } from "./socket-mode.ts";
import { createThreadView } from "./thread-view.ts";
import type { ShownMessage, ThreadEvent } from "./thread-view.ts";
import { createWorkspace } from "./workspace.ts";
import type { Person, SeededChannel, UserGroup } from "./workspace.ts";

export type { Acknowledged, Driver, Retry } from "./driver.ts";
export type { Edit, ShownMessage, ThreadEvent } from "./thread-view.ts";
export type { Failure } from "../failures.ts";

export interface SlackOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** The bot's /slack/events; can be given later with `driver.connect`. Left out: Socket Mode. */
  readonly requestUrl?: string;
  /** Keeps Slack's own rates and answers 429 beyond them; off by default. */
  readonly rates?: boolean;
  /** What a private channel without the bot answers: not_in_channel by default. */
  readonly privateAnswer?: "not_in_channel" | "channel_not_found";
  readonly now?: () => number;
}

/** One Web API call of the bot, as it came in; tokens are left out. */
export interface SlackCall {
  /** ISO 8601 */
  readonly at: string;
  readonly method: string;
  readonly args: Json;
  /** HTTP status; null when the answer was lost or the connection cut. */
  readonly status: number | null;
  /** Slack's error code; null when it went well. */
  readonly error: string | null;
}

export interface SlackWorld extends Failures {
  /** For SLACK_API_URL and WebClient's `slackApiUrl`: ends with "/api/". */
  readonly url: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** For Socket Mode. */
  readonly appToken: string;
  readonly botUserId: string;
  readonly channels: {
    /** With the bot. */
    readonly incidents: SeededChannel;
    readonly customerSuccess: SeededChannel;
    /** Public, without the bot. */
    readonly elsewhere: SeededChannel;
    /** Private, without the bot. */
    readonly secret: SeededChannel;
  };
  readonly users: { readonly oncall: Person; readonly cs: Person; readonly other: Person };
  readonly groups: readonly UserGroup[];
  readonly calls: readonly SlackCall[];
  /** Everything that people saw happen, in order. */
  readonly events: readonly ThreadEvent[];
  /** Called at every event from now on; gives back what ends it. */
  subscribe(listener: (event: ThreadEvent) => void): () => void;
  /** What people see in a channel (id or name) now: oldest first, threads and ephemeral ones among it. */
  messages(channel: string): readonly ShownMessage[];
  /** A root message and its replies. */
  thread(channel: string, ts: string): readonly ShownMessage[];
  /** What a person reads of a message, as plain lines. */
  renderText(message: Pick<ShownMessage, "text" | "blocks"> & Partial<ShownMessage>): string;
  readonly driver: Driver;
  readonly socketMode: Pick<SocketMode, "connections" | "refresh" | "drop">;
  /** Answers 429 with Retry-After to the next `times` calls (1) of a method, or of any ("*"). */
  throttle(method: string, retryAfterSeconds: number, times?: number): void;
  stop(): Promise<void>;
}

/** Slack on 127.0.0.1: emulate for the state, a gateway for Slack's rules and what emulate lacks. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackWorld> {
  const now = options.now ?? Date.now;
  const secrets = {
    botToken: "xoxb-sandbox-0000",
    signingSecret: "sandbox0signing0secret0000000000",
    appToken: "xapp-sandbox-0000",
  };
  const calls: SlackCall[] = [];
  const failures = createFailurePlan();
  const rates = options.rates === true ? createRates(now) : null;
  const socketMode = createSocketMode();
  const view = createThreadView(now);
  const stopping = new AbortController();
  let listener = (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end();
    return Promise.resolve();
  };
  const loopback = await listenOnLoopback((request, response) => {
    listener(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  }, options.port);
  loopback.server.on("upgrade", (request, socket) => socketMode.upgrade(request, socket));

  const emulated = await startEmulated(loopback.origin, secrets.botToken).catch(async (error: unknown) => {
    socketMode.stop();
    await loopback.stop();
    throw error;
  });
  const workspace = createWorkspace(emulated.people, emulated.channels);
  const { oncall, cs, other, bot } = workspace.people;
  const methods: MethodContext = {
    emulated,
    workspace,
    view,
    socketMode,
    socketBase: loopback.origin.replace("http:", "ws:"),
    privateAnswer: options.privateAnswer ?? "not_in_channel",
  };
  const responseUrls = createResponseUrls({ emulated, workspace, view, base: loopback.origin, now });
  const driver = createDriver({
    emulated,
    workspace,
    view,
    socketMode,
    responseUrls,
    signingSecret: secrets.signingSecret,
    requestUrl: options.requestUrl ?? null,
    now,
  });

  const callerOf = (token: string | null): Caller | null => {
    if (token === null) return null;
    if (token === secrets.appToken) return { kind: "app", userId: bot.id, token };
    if (token === bot.token) return { kind: "bot", userId: bot.id, token };
    const person = [oncall, cs, other].find((each) => each.token === token);
    return person === undefined ? null : { kind: "person", userId: person.id, token };
  };

  listener = async (request, response) => {
    const body = await readBody(request);
    const url = new URL(request.url ?? "/", loopback.origin);
    if (url.pathname.startsWith("/api/")) {
      await serveMethod(url.pathname.slice("/api/".length), request, response, body);
    } else if (url.pathname.startsWith("/response/")) {
      await serveResponseUrl(url.pathname, response, body.toString("utf8"));
    } else {
      const headers = { "content-type": request.headers["content-type"] ?? "application/octet-stream", "content-length": String(body.length) };
      const answer = await emulated.forward(url.pathname + url.search, request.method ?? "GET", headers, body);
      response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
    }
  };

  const arrived = (method: string, args: Json): MutableCall => {
    const call: MutableCall = { at: new Date(now()).toISOString(), method, args, status: null, error: null };
    calls.push(call);
    return call;
  };
  /** Carries a planned failure out; false when the call is to go on. */
  async function failsAsPlanned(call: MutableCall, response: ServerResponse): Promise<boolean> {
    const failure = failures.take([call.method]);
    if (failure === undefined) return false;
    if (typeof failure === "object" && "delayMs" in failure) {
      await wait(failure.delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      return false;
    }
    if (typeof failure === "object" && "reset" in failure) {
      call.error = "connection cut";
      response.destroy();
    } else if (failure === "ratelimited" || (typeof failure === "object" && failure.http === 429)) {
      const seconds = typeof failure === "object" ? (failure.retryAfterSeconds ?? 1) : 1;
      writeJson(call, response, failed("ratelimited"), 429, { "retry-after": String(seconds) });
    } else if (typeof failure === "string") {
      writeJson(call, response, failed(failure));
    } else {
      Object.assign(call, { status: failure.http, error: `HTTP ${failure.http}` });
      response.writeHead(failure.http, { "content-type": "text/plain" }).end("planned by the sandbox");
    }
    return true;
  }
  /** The work is done; whether the answer arrives is another matter. */
  const losesAnswer = (call: MutableCall, error: unknown, response: ServerResponse): boolean => {
    if (!failures.takeLostAnswer([call.method])) return false;
    call.error = typeof error === "string" ? error : null;
    response.destroy();
    return true;
  };

  async function serveResponseUrl(path: string, response: ServerResponse, body: string): Promise<void> {
    const call = arrived("response_url", readArgs("application/json", body));
    if (await failsAsPlanned(call, response)) return;
    const taken = await responseUrls.take(path, body);
    const error = taken.status === 200 ? null : taken.body;
    if (losesAnswer(call, error, response)) return;
    Object.assign(call, { status: taken.status, error });
    response.writeHead(taken.status, { "content-type": "text/plain" }).end(taken.body);
  }

  async function serveMethod(method: string, request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { token, ...args } = readArgs(request.headers["content-type"] ?? "", body.toString("utf8"));
    const given = readToken(request.headers.authorization, { token });
    const call = arrived(method, args);
    if (await failsAsPlanned(call, response)) return;
    const caller = callerOf(given);
    if (caller === null && needsToken(method)) {
      writeJson(call, response, failed(given === null ? "not_authed" : "invalid_auth"));
      return;
    }
    const over = rates?.over(method, String(args["channel"] ?? "")) ?? null;
    if (over !== null) {
      writeJson(call, response, failed("ratelimited"), 429, { "retry-after": String(over) });
      return;
    }
    const anonymous: Caller = { kind: "bot", userId: bot.id, token: bot.token };
    const content = await carryOut(method, args, caller ?? anonymous, methods);
    if (!losesAnswer(call, content["error"], response)) writeJson(call, response, content);
  }

  const channel = (name: string): SeededChannel => {
    const found = workspace.channel(name);
    if (found === undefined) throw new Error(`the sandbox did not make #${name}`);
    return found;
  };
  const idOf = (wanted: string): string => workspace.channel(wanted)?.id ?? wanted;
  const names = (id: string): string =>
    workspace.channel(id)?.name ?? workspace.groups.find((group) => group.id === id)?.handle ?? workspace.nameOf(id);

  return {
    url: `${loopback.origin}/api/`,
    ...secrets,
    botUserId: bot.id,
    channels: {
      incidents: channel("incidents"),
      customerSuccess: channel("customer-success"),
      elsewhere: channel("elsewhere"),
      secret: channel("secret"),
    },
    users: { oncall, cs, other },
    groups: workspace.groups,
    calls,
    events: view.events,
    subscribe: view.subscribe,
    messages: (wanted) => view.messages(idOf(wanted)),
    thread: (wanted, ts) =>
      view.messages(idOf(wanted)).filter((message) => message.ts === ts || message.threadTs === ts),
    renderText: (message) => renderText(message, names),
    driver,
    socketMode,
    fail: failures.fail,
    loseAnswer: failures.loseAnswer,
    heal: failures.heal,
    throttle: (method, retryAfterSeconds, times) => failures.fail(method, { http: 429, retryAfterSeconds }, times),
    stop: async () => {
      stopping.abort();
      socketMode.stop();
      await loopback.stop();
      await emulated.stop();
    },
  };
}

type MutableCall = { -readonly [Key in keyof SlackCall]: SlackCall[Key] };

function writeJson(
  call: MutableCall,
  response: ServerResponse,
  content: Json,
  status = 200,
  headers: Record<string, string> = {},
): void {
  Object.assign(call, { status, error: typeof content["error"] === "string" ? content["error"] : null });
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(content));
}
