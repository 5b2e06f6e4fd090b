import type { Sql } from "./sql.ts";

/** A task that ECS stopped, as it was described then: ECS itself forgets it within hours. */
export interface StoppedTask {
  /** Task ARN. */
  readonly task: string;
  readonly service: string;
  readonly stoppedAt: string;
  readonly body: unknown;
}

export interface StoppedTasks {
  /** The same task again is one row, with what was seen last. */
  keep(task: StoppedTask): Promise<void>;
  /** Newest first. */
  of(service: string, limit?: number): Promise<readonly StoppedTask[]>;
}

export const createStoppedTasks = (sql: Sql): StoppedTasks => ({
  async keep({ task, service, stoppedAt, body }) {
    await sql.rows(
      `insert into hokusai.stopped_task (task, service, stopped_at, body) values ($1, $2, $3, $4::json)
       on conflict (task) do update set stopped_at = $3, body = $4::json`,
      [task, service, stoppedAt, JSON.stringify(body)],
    );
  },
  async of(service, limit = 50) {
    const rows = await sql.rows<{ task: string; stopped_at: Date; body: unknown }>(
      `select task, stopped_at, body from hokusai.stopped_task
       where service = $1 order by stopped_at desc limit $2`,
      [service, limit],
    );
    return rows.map((row) => ({
      task: row.task,
      service,
      stoppedAt: row.stopped_at.toISOString(),
      body: row.body,
    }));
  },
});
