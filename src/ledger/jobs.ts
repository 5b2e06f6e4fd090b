import { PgBoss } from "pg-boss";
import { messageOf } from "#core/errors.ts";
import type { Sql } from "./sql.ts";

export const queues = { investigation: "investigation", prune: "prune" } as const;

/** A frozen process is believed dead after this long without a sign; one that ended is known at once. */
export const heartbeatSeconds = 60;

/** pg-boss on the same database, in a schema of its own. */
export async function startJobs(sql: Sql, onProblem: (problem: string) => void): Promise<PgBoss> {
  const boss = new PgBoss({
    db: sql.jobs,
    backend: sql.home.kind === "embedded" ? "pglite" : "postgres",
    schema: "hokusai_jobs",
    monitorVacuum: false,
    superviseIntervalSeconds: 30,
  });
  boss.on("error", (error) => onProblem(`jobs: ${messageOf(error)}`));
  await boss.start();
  await boss.createQueue(queues.investigation, {
    policy: "exclusive",
    retryLimit: 1_000,
    retryDelay: 0,
    expireInSeconds: 900,
    heartbeatSeconds,
    deleteAfterSeconds: 24 * 60 * 60,
  });
  await boss.createQueue(queues.prune, {
    policy: "exclusive",
    retryLimit: 0,
    deleteAfterSeconds: 24 * 60 * 60,
  });
  return boss;
}
