import { join } from "node:path";
import type { Clock } from "#core/clock.ts";
import type { CommandQueue } from "#core/command-queue.ts";
import { messageOf } from "#core/errors.ts";
import type { EffectHandler, Ledger } from "#core/incident.ts";
import type { PredictionCount } from "#core/prediction-count.ts";
import { createRedactor, type Redactor } from "#core/redact.ts";
import { createAudit, type Audit, type AuditRow } from "./audit.ts";
import { createCommands } from "./commands.ts";
import {
  createDurableOutbox,
  type DurableOutbox,
  type DurableOutboxOptions,
} from "./durable-outbox.ts";
import { createEarlierIncidentRows } from "./earlier-incident-rows.ts";
import { createIncidents, type IncidentDesk } from "./incidents.ts";
import { createFeedbackRows } from "./feedback.ts";
import { createInvestigationRows } from "./investigations.ts";
import { queues, startJobs } from "./jobs.ts";
import { migrate } from "./migrate.ts";
import { createPosted } from "./posted.ts";
import { createPredictionRows } from "./prediction-rows.ts";
import { defaultRetention, prune, type Pruned, type Retention } from "./prune.ts";
import { createSql, type Home, type Sql } from "./sql.ts";

export interface LedgerOptions {
  /** A Postgres server; null for the embedded database. */
  readonly databaseUrl: string | null;
  /** Where the embedded database lives. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  /** One line for the log. */
  readonly onProblem: (problem: string) => void;
  /** Every audit row as it is written, for the log. */
  readonly onAudit?: (row: AuditRow) => void;
  /** Applied to commands before they are kept; without our own secrets' values by default. */
  readonly redactor?: Redactor;
  readonly retention?: Retention;
}

export interface DurableLedger extends Ledger, IncidentDesk {
  readonly store: Home["kind"];
  readonly commands: CommandQueue;
  readonly audit: Audit;
  readonly predictions: PredictionCount;
  atomically<Value>(work: () => Promise<Value>): Promise<Value>;
  openOutbox(
    handlers: ReadonlyMap<string, EffectHandler>,
    options?: Pick<DurableOutboxOptions, "firstPauseMs" | "attemptLimit">,
  ): DurableOutbox;
  /** With the configured retention, but for what is given here. */
  prune(retention?: Partial<Retention>, dryRun?: boolean): Promise<Pruned>;
  /** Prunes every night, on one of the processes that share the store. */
  pruneNightly(): Promise<void>;
  /** For the bench and for tests of the store itself. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/** Throws HokusaiError("configuration"): no such server, directory in use, schema too new. */
export async function openLedger(options: LedgerOptions): Promise<DurableLedger> {
  const { clock, onProblem } = options;
  const home = await openHome(options);
  try {
    const sql = createSql(home);
    await migrate(sql);
    const jobs = await startJobs(sql, onProblem);
    const incidents = createIncidents(sql, clock);
    const audit = createAudit(sql, clock, options.onAudit ?? (() => undefined));
    const ledger: Ledger = {
      ...incidents,
      ...createInvestigationRows(sql),
      ...createEarlierIncidentRows(sql, clock),
      ...createFeedbackRows(sql, audit),
      ...createPosted(sql, clock),
    };
    const retention = options.retention ?? defaultRetention;
    return {
      ...ledger,
      ...incidents,
      store: home.kind,
      commands: createCommands({
        sql,
        jobs,
        ledger,
        audit,
        clock,
        onProblem,
        redactor: options.redactor ?? createRedactor(),
      }),
      audit,
      predictions: createPredictionRows(sql),
      atomically: (work) => sql.atomically(work),
      openOutbox: (handlers, more = {}) =>
        createDurableOutbox(sql, { handlers, onProblem, now: () => clock.now(), ...more }),
      prune: (given = {}, dryRun = false) => prune(sql, clock, { ...retention, ...given }, dryRun),
      async pruneNightly() {
        await jobs.schedule(queues.prune, "23 3 * * *", null, { missed: "once" });
        await jobs.work(queues.prune, { pollingIntervalSeconds: 60 }, () =>
          prune(sql, clock, retention),
        );
      },
      sql,
      async close() {
        await jobs
          .stop({ graceful: false, close: false })
          .catch((error: unknown) => onProblem(messageOf(error)));
        await home.close();
      },
    };
  } catch (error) {
    await home.close().catch((late: unknown) => onProblem(messageOf(late)));
    throw error;
  }
}

/** The driver that is not used is not loaded: PGlite alone is 200 MB. */
async function openHome({ databaseUrl, dataDirectory, onProblem }: LedgerOptions): Promise<Home> {
  if (databaseUrl === null) {
    const { openEmbedded } = await import("./embedded-home.ts");
    return openEmbedded(join(dataDirectory, "ledger"));
  }
  const { openPostgres } = await import("./postgres-home.ts");
  return openPostgres(databaseUrl, onProblem);
}
