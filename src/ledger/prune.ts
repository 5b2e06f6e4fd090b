import { isoTime, type Clock } from "#core/clock.ts";
import type { Sql } from "./sql.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** Days after which a record goes. docs/operations.md explains each. */
export interface Retention {
  /** Closed incidents with their investigations, and ended investigations of open ones. */
  readonly investigations: number;
  /** Investigations of which somebody said what was really the matter: with their facts and that word. */
  readonly withFeedback: number;
  /** Effects that were sent; those that were given up on stay as long as investigations. */
  readonly effects: number;
  /** Ids of deliveries: Linear repeats one for up to 7 hours. */
  readonly inbound: number;
  readonly audit: number;
  readonly stoppedTasks: number;
}

export const defaultRetention: Retention = {
  investigations: 90,
  withFeedback: 400,
  effects: 7,
  inbound: 3,
  audit: 400,
  stoppedTasks: 30,
};

export interface Pruned {
  readonly investigations: number;
  readonly incidents: number;
  readonly effects: number;
  readonly posted: number;
  readonly inbound: number;
  readonly audit: number;
  readonly stoppedTasks: number;
}

/** Rows deleted in one statement, so that nothing waits long for a lock. */
const batch = 1_000;

/** Deletes what is older than its retention. `dryRun` counts and deletes nothing. */
export async function prune(
  sql: Sql,
  clock: Clock,
  retention: Retention,
  dryRun = false,
): Promise<Pruned> {
  const before = (days: number): string => isoTime(clock.now() - days * dayMs);
  const remove = async (
    table: string,
    key: string,
    condition: string,
    values: readonly unknown[],
  ): Promise<number> => {
    if (dryRun) {
      const row = await sql.row<{ n: number }>(
        `select count(*)::int as n from hokusai.${table} t where ${condition}`,
        values,
      );
      return row?.n ?? 0;
    }
    for (let total = 0; ;) {
      const deleted = await sql.atomically(async () => {
        await sql.rows("select set_config('hokusai.pruning', 'on', true)");
        const row = await sql.row<{ n: number }>(
          `with gone as (delete from hokusai.${table} where ${key} in (
             select ${key} from hokusai.${table} t where ${condition} limit ${batch}) returning 1)
           select count(*)::int as n from gone`,
          values,
        );
        return row?.n ?? 0;
      });
      total += deleted;
      if (deleted < batch) return total;
    }
  };

  const old = before(retention.investigations);
  return {
    investigations: await remove(
      "investigation",
      "id",
      `t.ended_at < $1 and t.job_done and (t.ended_at < $2 or not exists (
         select from hokusai.feedback f where f.investigation = t.id))`,
      [old, before(retention.withFeedback)],
    ),
    incidents: await remove(
      "incident",
      "id",
      `t.closed_at < $1 and not exists (select from hokusai.investigation r where r.incident = t.id)
       and not exists (select from hokusai.incident m where m.merged_into = t.id)`,
      [old],
    ),
    effects:
      (await remove("effect", "number", "t.state in ('sent', 'dropped') and t.settled_at < $1", [
        before(retention.effects),
      ])) + (await remove("effect", "number", "t.state = 'dead' and t.settled_at < $1", [old])),
    posted: await remove(
      "posted",
      "key",
      `t.at < $1 and not exists (
         select from hokusai.incident i where i.id::text = split_part(t.key, '/', 1) and (i.closed_at is null
         or exists (select from hokusai.investigation r join hokusai.feedback f on f.investigation = r.id
                    where r.incident = i.id)))`,
      [old],
    ),
    inbound: await remove("inbound", "delivery", "t.at < $1", [before(retention.inbound)]),
    audit: await remove("audit", "id", "t.at < $1", [before(retention.audit)]),
    stoppedTasks: await remove("stopped_task", "task", "t.stopped_at < $1", [
      before(retention.stoppedTasks),
    ]),
  };
}
