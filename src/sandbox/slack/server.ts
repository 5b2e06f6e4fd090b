import type { IncomingMessage, ServerResponse } from "node:http";
import { createFailurePlan } from "../failures.ts";
import { listenOnLoopback } from "../loopback.ts";
import { createCallLog } from "./calls.ts";
import { createDriver } from "./driver.ts";
import { startEmulated } from "./emulated.ts";
import { createGateway } from "./gateway.ts";
import type { MethodContext } from "./methods.ts";
import { createRates } from "./rates.ts";
import { renderText } from "./render-text.ts";
import { createResponseUrls } from "./response-url.ts";
import { createSocketMode } from "./socket-mode.ts";
import { createThreadView } from "./thread-view.ts";
import { createWorkspace } from "./workspace.ts";
import type { SlackOptions, SlackWorld } from "./world.ts";

export type { ThreadEvent } from "./thread-view.ts";
export type { SlackOptions, SlackWorld } from "./world.ts";

const SECRETS = {
  botToken: "xoxb-sandbox-0000",
  signingSecret: "sandbox0signing0secret0000000000",
  appToken: "xapp-sandbox-0000",
} as const;

/** Slack on 127.0.0.1: emulate for the state, a gateway for Slack's rules and what emulate lacks. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackWorld> {
  const now = options.now ?? Date.now;
  const failures = createFailurePlan();
  const stopping = new AbortController();
  const log = createCallLog(failures, stopping.signal, now);
  const socketMode = createSocketMode();
  const view = createThreadView(now);

  // The gateway needs emulate, and emulate's answers the gateway's address: until both are there, 503.
  let gateway = (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end();
    return Promise.resolve();
  };
  const loopback = await listenOnLoopback((request, response) => {
    gateway(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  }, options.port);
  loopback.server.on("upgrade", (request, socket) => socketMode.upgrade(request, socket));
  const emulated = await startEmulated(loopback.origin, SECRETS.botToken).catch(
    async (error: unknown) => {
      socketMode.stop();
      await loopback.stop();
      throw error;
    },
  );

  const workspace = createWorkspace(emulated.people, emulated.channels);
  const { oncall, cs, other, bot } = workspace.people;
  const base = loopback.origin;
  const responseUrls = createResponseUrls({ emulated, workspace, view, base, now });
  const methods: MethodContext = {
    emulated,
    workspace,
    view,
    socketMode,
    socketBase: base.replace("http:", "ws:"),
    privateAnswer: options.privateAnswer ?? "not_in_channel",
  };
  const rates = options.rates === true ? createRates(now) : null;
  const { signingSecret, appToken } = SECRETS;
  gateway = createGateway({ log, rates, emulated, methods, responseUrls, appToken });
  const requestUrl = options.requestUrl ?? null;
  const parts = { emulated, workspace, view, socketMode, responseUrls };

  const idOf = (wanted: string): string => workspace.channel(wanted)?.id ?? wanted;
  return {
    url: `${base}/api/`,
    ...SECRETS,
    botUserId: bot.id,
    channels: {
      incidents: workspace.named("incidents"),
      customerSuccess: workspace.named("customer-success"),
      elsewhere: workspace.named("elsewhere"),
      secret: workspace.named("secret"),
    },
    users: { oncall, cs, other },
    groups: workspace.groups,
    calls: log.calls,
    events: view.events,
    subscribe: view.subscribe,
    messages: (wanted) => view.messages(idOf(wanted)),
    thread: (wanted, ts) =>
      view.messages(idOf(wanted)).filter((message) => message.ts === ts || message.threadTs === ts),
    renderText: (message) => renderText(message, workspace.nameOf),
    driver: createDriver({ ...parts, signingSecret, requestUrl, now }),
    socketMode,
    fail: failures.fail,
    loseAnswer: failures.loseAnswer,
    heal: failures.heal,
    throttle: (method, retryAfterSeconds, times) =>
      failures.fail(method, { http: 429, retryAfterSeconds }, times),
    stop: async () => {
      stopping.abort();
      socketMode.stop();
      await loopback.stop();
      await emulated.stop();
    },
  };
}
