import type { InvestigationEvent } from "#core/investigation.ts";
import type { EcsTask } from "#core/ports/aws.ts";
import type { SeenStoppedTask } from "#core/ports/earlier.ts";
import type { Sql } from "./sql.ts";

/** The fact whose value is the list of a service's stopped tasks. */
const fact = "ecs-stopped-tasks";
/** A crash loop stops hundreds a day: the newest tell as much. */
const most = 50;

/** The tasks that an event tells of, newest first, as the engine redacted them; empty for all other events. */
export const stoppedTasksIn = (event: InvestigationEvent): readonly EcsTask[] =>
  event.type === "fact" && event.fact === fact && event.gathered.state === "known"
    ? (event.gathered.value as readonly EcsTask[]).slice(0, most)
    : [];

/**
 * Tasks that ECS stopped, which it forgets after about an hour. Kept from the events of runs as these are
 * appended, so that record and memory never differ. The key is the task's ARN, which names its cluster.
 */
export interface StoppedTasks {
  /** The same task again is one row: first seen then, described as it was seen last. */
  keep(incident: string, event: InvestigationEvent): Promise<void>;
  of(service: string, since: string): Promise<readonly SeenStoppedTask[]>;
}

export const createStoppedTasks = (sql: Sql): StoppedTasks => ({
  async keep(incident, event) {
    const tasks = stoppedTasksIn(event);
    if (tasks.length === 0) return;
    await sql.rows(
      `insert into hokusai.stopped_task (task, service, stopped_at, body, first_seen, last_seen)
       select t.arn, i.service, t.stopped_at, t.body::json, $2, $2
       from hokusai.incident i, unnest($3::text[], $4::timestamptz[], $5::text[]) as t(arn, stopped_at, body)
       where i.id = $1
       on conflict (task) do update
       set stopped_at = excluded.stopped_at, body = excluded.body, last_seen = excluded.last_seen`,
      [
        incident,
        event.at,
        tasks.map(({ arn }) => arn),
        tasks.map(({ stoppedAt }) => stoppedAt ?? event.at),
        tasks.map((task) => JSON.stringify(task)),
      ],
    );
  },
  async of(service, since) {
    const rows = await sql.rows<{ body: EcsTask; first_seen: Date; last_seen: Date }>(
      `select body, first_seen, last_seen from hokusai.stopped_task
       where service = $1 and last_seen >= $2 order by stopped_at desc, task limit ${most}`,
      [service, since],
    );
    return rows.map((row) => ({
      task: row.body,
      firstSeen: row.first_seen.toISOString(),
      lastSeen: row.last_seen.toISOString(),
    }));
  },
});
