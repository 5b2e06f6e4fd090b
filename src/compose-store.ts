/** Where the bot keeps its record: in memory for the demo, else a database, which is loaded only then. */
import { resolve } from "node:path";
import type { Logger } from "pino";
import type { AuditEntry } from "#core/audit.ts";
import type { Clock } from "#core/clock.ts";
import type { CommandQueue } from "#core/command-queue.ts";
import type { Config } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";
import type { EffectHandler, Ledger } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import { createMemoryPredictionCount, type PredictionCount } from "#core/prediction-count.ts";
import type { Redactor } from "#core/redact.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import type { SendingOutbox } from "#ledger/outbox.ts";

export type { DurableLedger } from "#ledger/open-ledger.ts";
export type { Pruned } from "#ledger/prune.ts";

export type StoreKind = "memory" | "embedded" | "postgres";

export interface Store {
  readonly ledger: Ledger;
  readonly outbox: SendingOutbox;
  /** Null where nothing is kept: a question then lives as long as the process. */
  readonly commands: CommandQueue | null;
  readonly predictions: PredictionCount;
  /** Keeps who did what, or was not allowed to; in memory it is a line of the log. */
  audit(entry: AuditEntry): Promise<void>;
  close(): Promise<void>;
}

export interface StoreParts {
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Filled by the doors before anything is sent. */
  readonly handlers: ReadonlyMap<string, EffectHandler>;
  readonly log: Logger;
  readonly onProblem: (problem: string) => void;
}

/** What `npm start` uses with these settings. */
export const storeOf = ({ settings }: Config): Exclude<StoreKind, "memory"> =>
  settings.databaseUrl === null ? "embedded" : "postgres";

/** Throws HokusaiError("configuration"): no database named or reachable, directory in use. */
export async function openStore(
  config: Config,
  kind: StoreKind,
  parts: StoreParts,
): Promise<Store> {
  const { clock, handlers, log, redactor } = parts;
  if (kind === "memory") {
    const [{ createMemoryLedger }, { createMemoryOutbox }] = await Promise.all([
      import("#ledger/memory-ledger.ts"),
      import("#ledger/memory-outbox.ts"),
    ]);
    return {
      ledger: createMemoryLedger(clock),
      outbox: createMemoryOutbox(handlers),
      commands: null,
      predictions: createMemoryPredictionCount(),
      audit: async (entry) => log.info({ audit: redactor.json(entry) }, "audit"),
      close: () => Promise.resolve(),
    };
  }
  const ledger = await openConfiguredLedger(config, kind, parts);
  await ledger.pruneNightly();
  log.info({ store: ledger.store }, "the ledger is open");
  return {
    ledger,
    outbox: ledger.openOutbox(handlers),
    commands: ledger.commands,
    predictions: ledger.predictions,
    audit: (entry) => ledger.audit.record(redactor.json(entry)),
    close: () => ledger.close(),
  };
}

/** The durable ledger of these settings, for the bot and for the terminal verbs that look after it. */
export async function openConfiguredLedger(
  config: Config,
  kind: Exclude<StoreKind, "memory">,
  {
    clock,
    redactor,
    log,
    onProblem,
  }: Pick<StoreParts, "clock" | "redactor" | "onProblem"> & { log?: Logger },
): Promise<DurableLedger> {
  const { databaseUrl, dataDirectory } = config.settings;
  if (kind === "postgres" && databaseUrl === null) {
    throw new HokusaiError(
      "configuration",
      "A ledger on Postgres was asked for, and DATABASE_URL is not set.",
      {
        next: "Set DATABASE_URL to a postgres:// URL, or use the embedded ledger.",
      },
    );
  }
  const { openLedger } = await import("#ledger/open-ledger.ts");
  return openLedger({
    databaseUrl: kind === "postgres" ? databaseUrl : null,
    dataDirectory: resolve(dataDirectory),
    clock,
    redactor,
    onProblem,
    onAudit: (audit) => log?.info({ audit: redactor.json(audit) }, "audit"),
  });
}

/**
 * Puts what people said of a run under its verdict in Slack: a bot on the same store sends it, or the
 * next one that starts. False where the verdict stands in no thread.
 */
export async function showFeedbackInSlack(
  ledger: DurableLedger,
  run: Investigation,
  redactor: Redactor,
): Promise<boolean> {
  const incident = await ledger.incidentOf(run.id);
  if (incident === null) return false;
  const { showFeedback } = await import("#slack/feedback.ts");
  return showFeedback(incident.id, run, { ledger, redactor, outbox: ledger.openOutbox(new Map()) });
}
