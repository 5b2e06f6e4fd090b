/** The bot as one composed whole: what `npm start` runs, and what the demo runs against the offline world. */
import type { AddressInfo } from "node:net";
import pino, { type Logger } from "pino";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import { createArrivals } from "#core/arrivals.ts";
import { systemClock, type Clock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import { messageOf } from "#core/errors.ts";
import type { EffectHandler, Ledger } from "#core/incident.ts";
import type { TicketDesk, View } from "#core/investigate.ts";
import type { Redactor } from "#core/redact.ts";
import { createDurableInvestigations } from "#engine/durable-investigations.ts";
import { createInvestigations, type InvestigateParts } from "#engine/investigate.ts";
import { requireBot } from "#config/require-bot.ts";
import { choosePlan, createInvestigator, type Investigator } from "./compose.ts";
import { openStore, type Store, type StoreKind } from "./compose-store.ts";
import { version } from "./version.ts";

export interface Bot {
  /** Where Slack's requests and the health check are served; null in socket mode without a server. */
  readonly url: string | null;
  readonly ledger: Ledger;
  /** Id of the run that was started last; null before the first. */
  newestInvestigation(): string | null;
  /** Resolves when no run is going on. */
  idle(): Promise<void>;
  /** Resolves when everything said so far has been sent, or given up on. */
  drained(): Promise<void>;
  /** What could not be sent, as sentences. */
  problems(): readonly string[];
  /** Stops intake, ends what runs with its last word, sends what is left. */
  stop(): Promise<void>;
}

export interface BotOptions {
  readonly clock?: Clock;
  /** 0 lets the system choose; the configured port by default. */
  readonly port?: number;
  /** Where the ledger lives; "memory" keeps nothing, and is the default. */
  readonly ledger?: StoreKind;
  readonly logTo?: NodeJS.WritableStream;
}

/** Throws HokusaiError("configuration") that names every missing setting. */
export async function startBot(given: Config, options: BotOptions = {}): Promise<Bot> {
  const config: Config = given;
  requireBot(config);
  const clock = options.clock ?? systemClock;
  // The record is opened with the investigator's redactor, so it comes after it.
  const later: { store: Store | null } = { store: null };
  const [investigator, slackDoor] = await Promise.all([
    createInvestigator(config, clock, {
      take: async (day, most) => later.store?.predictions.take(day, most) ?? false,
    }),
    loadSlack(),
  ]);
  const { redactor } = investigator;
  const log = createLog(config, redactor, options.logTo);
  const onProblem = (problem: string): void => log.warn(redactor.text(problem));

  const handlers = new Map<string, EffectHandler>();
  const store = await openStore(config, options.ledger ?? "memory", {
    clock,
    redactor,
    handlers,
    log,
    onProblem,
  });
  later.store = store;
  try {
    return await startOn(store, {
      config,
      options,
      clock,
      investigator,
      slackDoor,
      handlers,
      log,
      onProblem,
    });
  } catch (error) {
    investigator.close();
    await store.close();
    throw error;
  }
}

interface BotParts {
  readonly config: Config & { settings: { slack: object } };
  readonly options: BotOptions;
  readonly clock: Clock;
  readonly investigator: Investigator;
  readonly slackDoor: Awaited<ReturnType<typeof loadSlack>>;
  readonly handlers: Map<string, EffectHandler>;
  readonly log: Logger;
  readonly onProblem: (problem: string) => void;
}

async function startOn(store: Store, parts: BotParts): Promise<Bot> {
  const { config, options, clock, investigator, slackDoor, handlers, log, onProblem } = parts;
  const { redactor } = investigator;
  const { ledger, outbox } = store;
  const arrivals = createArrivals(ledger, clock);
  const shared = { outbox, ledger, clock, redactor, onProblem };

  const slack = slackDoor.createSlackClient(config.settings.slack);
  const addHandlers = (more: ReadonlyMap<string, EffectHandler>): void => {
    for (const [kind, handler] of more) handlers.set(kind, handler);
  };
  addHandlers(slackDoor.createSlackEffects({ slack, ledger, arrivals }));
  const thread = slackDoor.createThreadView(shared);
  const views: View[] = [thread];
  let tickets: TicketDesk | null = null;
  if (config.settings.linear !== null) {
    const linearDoor = await loadLinear();
    const linear = linearDoor.createLinearClient(config.settings.linear);
    addHandlers(
      linearDoor.createLinearEffects({
        linear,
        ledger,
        arrivals,
        team: config.settings.linear.team,
        onTicket: (incident) => thread.refresh(incident),
      }),
    );
    const view = linearDoor.createTicketView(shared);
    views.push(view);
    tickets = view;
  }

  const investigateParts: InvestigateParts = {
    engineFor: (target, earlier) => investigator.engineFor(target, earlier),
    choosePlan: (plan, symptom) => choosePlan(config, plan, symptom),
    ledger,
    views,
    clock,
    onProblem: (what, problem) => onProblem(`${what}: ${problem}`),
  };
  const targetOf = (id: string) => config.models.find((model) => model.id === id) ?? null;
  const durable =
    store.commands === null
      ? null
      : createDurableInvestigations({ ...investigateParts, commands: store.commands, targetOf });
  const investigations = durable ?? createInvestigations(investigateParts);

  let ready = false;
  const app = await slackDoor.createSlackApp({
    settings: config.settings.slack,
    routes: [
      {
        path: "/health",
        method: ["GET"],
        handler: (_request, response) => {
          response.writeHead(ready ? 200 : 503, { "content-type": "application/json" });
          response.end(JSON.stringify({ status: ready ? "ok" : "starting", version }));
        },
      },
    ],
    port: options.port ?? config.settings.port,
    onLog: (level, line) => log[level](redactor.text(line)),
  });
  slackDoor.registerSlack(app, {
    config,
    parse: (text) => parseCommand(text, vocabularyOf(config)),
    investigate: investigations.investigate,
    ledger,
    outbox,
    arrivals,
    slack,
    tickets,
    clock,
    redactor,
    onProblem,
    audit: (entry) => store.audit(entry),
  });
  const server: unknown = await app.start(options.port ?? config.settings.port);
  ready = true;
  // What an earlier process left is sent, and gone on with.
  outbox.start();
  await durable?.start();
  const url = urlOf(server);
  log.info({ url, version, models: config.models.map((model) => model.id) }, "hokusai is up");

  return {
    url,
    ledger,
    newestInvestigation: () => investigations.newest(),
    idle: () => investigations.idle(),
    drained: () => outbox.drained(),
    problems: () =>
      outbox.dead().map(({ effect, problem }) => `${effect.kind} ${effect.key}: ${problem}`),
    async stop() {
      ready = false;
      await app.stop().catch((error: unknown) => onProblem(messageOf(error)));
      await investigations.stop();
      await outbox.stop();
      for (const view of views) view.close();
      investigator.close();
      await store.close();
      log.info("hokusai has stopped");
      log.flush();
    },
  };
}

const loadSlack = async () => {
  const [bolt, effects, view, client] = await Promise.all([
    import("#slack/app.ts").then(async (app) => ({
      ...app,
      ...(await import("#slack/register.ts")),
    })),
    import("#slack/effects.ts"),
    import("#slack/thread-view.ts"),
    import("#clients/slack.ts"),
  ]);
  return { ...bolt, ...effects, ...view, ...client };
};

const loadLinear = async () => {
  const [effects, view, client] = await Promise.all([
    import("#linear/effects.ts"),
    import("#linear/ticket-view.ts"),
    import("#clients/linear.ts"),
  ]);
  return { ...effects, ...view, ...client };
};

/** JSON lines; every string that reaches the stream is redacted, messages and stacks included. */
function createLog(config: Config, redactor: Redactor, to?: NodeJS.WritableStream): Logger {
  return pino(
    {
      name: "hokusai",
      level: config.settings.logLevel,
      base: { version },
      hooks: { streamWrite: (line) => redactor.text(line) },
    },
    to ?? pino.destination({ sync: true }),
  );
}

function urlOf(server: unknown): string | null {
  if (typeof server !== "object" || server === null || !("address" in server)) return null;
  const address = (server as { address(): AddressInfo | string | null }).address();
  return typeof address === "object" && address !== null
    ? `http://127.0.0.1:${address.port}`
    : null;
}
