import type { Effect } from "#core/incident.ts";
import type { Sql } from "./sql.ts";

/** How long a claim holds without being renewed: well above the longest call of a handler. */
export const leaseSeconds = 60;

export interface ClaimedEffect {
  readonly number: string;
  readonly attempts: number;
  /** Milliseconds since it was put. */
  readonly ageMs: number;
  readonly effect: Effect;
}

export interface EffectRow {
  readonly key: string;
  readonly queue: string;
  readonly kind: string;
  readonly state: "waiting" | "sent" | "dead" | "dropped";
  readonly attempts: number;
  readonly problem: string | null;
  readonly putAt: string;
}

/** The outbox as a table. One row of a queue is claimed at a time, the oldest first. */
export interface EffectRows {
  put(effect: Effect): Promise<void>;
  /** Due heads of queues, at most so many, for this process alone. */
  claim(limit: number): Promise<readonly ClaimedEffect[]>;
  renew(numbers: readonly string[]): Promise<void>;
  sent(claimed: ClaimedEffect): Promise<void>;
  /** `counted`: the other side was asked; else the attempt is taken back. */
  later(claimed: ClaimedEffect, afterMs: number, problem: string, counted: boolean): Promise<void>;
  dead(claimed: ClaimedEffect, problem: string): Promise<void>;
  /** Milliseconds until the next head is due, 0 or less when one is; null when nothing waits. */
  nextDueMs(): Promise<number | null>;
  waiting(): Promise<number>;
  /** Frees what processes claimed that have ended. */
  freeOrphans(): Promise<void>;
  list(states: readonly EffectRow["state"][]): Promise<readonly EffectRow[]>;
  /** Whether there was a dead one with this key. */
  resend(key: string): Promise<boolean>;
  /** Whether there was one that was not sent. */
  drop(key: string): Promise<boolean>;
}

interface EffectColumns {
  readonly number: string;
  readonly key: string;
  readonly queue: string;
  readonly kind: string;
  readonly replaces: string | null;
  readonly payload: unknown;
  readonly attempts: number;
  readonly age_ms: number;
}

const toClaimed = (row: EffectColumns): ClaimedEffect => ({
  number: row.number,
  attempts: row.attempts,
  ageMs: row.age_ms,
  effect: {
    key: row.key,
    queue: row.queue,
    kind: row.kind,
    payload: row.payload,
    ...(row.replaces === null ? {} : { replaces: row.replaces }),
  },
});

const heads = `
  select distinct on (queue) number, not_before, owner, lease_until
  from hokusai.effect where state = 'waiting' order by queue, number`;

export function createEffectRows(sql: Sql): EffectRows {
  const { owner } = sql.home;
  const settle = (
    number: string,
    change: string,
    values: readonly unknown[] = [],
  ): Promise<unknown> =>
    sql.rows(
      `update hokusai.effect set owner = null, lease_until = null, ${change}
       where number = $1::bigint and owner = $2 and state = 'waiting'`,
      [number, owner, ...values],
    );

  const putEdit = async ({ key, queue, kind, payload, replaces }: Effect): Promise<void> => {
    const values = [key, queue, kind, JSON.stringify(payload), replaces];
    const unsent = await sql.row(
      `update hokusai.effect set key = $1, kind = $3, payload = $4::json
       where queue = $2 and replaces = $5 and state = 'waiting' and owner is null returning number`,
      values,
    );
    if (unsent !== null) return;
    await sql.rows(
      "insert into hokusai.effect (key, queue, kind, payload, replaces) values ($1, $2, $3, $4::json, $5)",
      values,
    );
  };

  /** Once sent it stays sent. Given up on: whoever wants it again gets it again. */
  const putOnce = async ({ key, queue, kind, payload }: Effect): Promise<void> => {
    await sql.rows(
      `insert into hokusai.effect as known (key, queue, kind, payload) values ($1, $2, $3, $4::json)
       on conflict (key) where replaces is null do update set
         queue = excluded.queue, kind = excluded.kind, payload = excluded.payload,
         number = case when known.state = 'waiting' then known.number else excluded.number end,
         state = 'waiting', attempts = 0, problem = null, not_before = now(), put_at = now(), settled_at = null
       where known.state in ('dead', 'dropped')
          or (known.state = 'waiting' and known.attempts = 0 and known.owner is null)`,
      [key, queue, kind, JSON.stringify(payload)],
    );
  };

  return {
    put: (effect) =>
      sql.atomically(() => (effect.replaces === undefined ? putOnce(effect) : putEdit(effect))),
    async claim(limit) {
      const rows = await sql.rows<EffectColumns>(
        `with head as (${heads})
         update hokusai.effect e
         set owner = $1, lease_until = now() + $2 * interval '1 second', attempts = e.attempts + 1
         where e.state = 'waiting' and (e.owner is null or e.lease_until < now()) and e.number in (
           select number from head
           where not_before <= now() and (owner is null or lease_until < now()) order by number limit $3)
         returning e.number::text as number, key, queue, kind, replaces, payload, attempts,
           (extract(epoch from now() - put_at) * 1000)::float8 as age_ms`,
        [owner, leaseSeconds, limit],
      );
      return rows.map(toClaimed);
    },
    async renew(numbers) {
      await sql.rows(
        `update hokusai.effect set lease_until = now() + $3 * interval '1 second'
         where number = any($1::bigint[]) and owner = $2`,
        [[...numbers], owner, leaseSeconds],
      );
    },
    async sent({ number, effect }) {
      // A sent edit has nothing left to tell; what was created is remembered, so that it is created once.
      if (effect.replaces === undefined)
        await settle(number, "state = 'sent', problem = null, settled_at = now()");
      else
        await sql.rows("delete from hokusai.effect where number = $1::bigint and owner = $2", [
          number,
          owner,
        ]);
    },
    async later({ number }, afterMs, problem, counted) {
      await settle(
        number,
        `not_before = now() + $3 * interval '1 millisecond', problem = $4, attempts = attempts - $5`,
        [Math.round(afterMs), problem, counted ? 0 : 1],
      );
    },
    async dead({ number }, problem) {
      await settle(number, "state = 'dead', problem = $3, settled_at = now()", [problem]);
    },
    async nextDueMs() {
      const row = await sql.row<{ ms: number | null }>(
        `with head as (${heads})
         select (extract(epoch from min(case when owner is null then not_before else lease_until end) - now()) * 1000)::float8 as ms
         from head`,
      );
      return row?.ms ?? null;
    },
    async waiting() {
      const row = await sql.row<{ n: number }>(
        "select count(*)::int as n from hokusai.effect where state = 'waiting'",
      );
      return row?.n ?? 0;
    },
    async freeOrphans() {
      const owners = await sql.rows<{ owner: number }>(
        "select distinct owner from hokusai.effect where state = 'waiting' and owner is not null and owner <> $1",
        [owner],
      );
      for (const row of owners) {
        if (!(await sql.home.isGone(row.owner))) continue;
        await sql.rows(
          "update hokusai.effect set owner = null, lease_until = null where state = 'waiting' and owner = $1",
          [row.owner],
        );
      }
    },
    async list(states) {
      const rows = await sql.rows<Omit<EffectRow, "putAt"> & { put_at: Date }>(
        `select key, queue, kind, state, attempts, problem, put_at from hokusai.effect
         where state = any($1::text[]) order by number`,
        [[...states]],
      );
      return rows.map(({ put_at: at, ...row }) => ({ ...row, putAt: at.toISOString() }));
    },
    resend: (key) => revive(sql, key),
    async drop(key) {
      const rows = await sql.rows(
        `update hokusai.effect set state = 'dropped', settled_at = now()
         where key = $1 and (state = 'dead' or (state = 'waiting' and owner is null)) returning number`,
        [key],
      );
      return rows.length > 0;
    },
  };
}

/** Behind what waits in its queue now. */
async function revive(sql: Sql, key: string): Promise<boolean> {
  const rows = await sql.rows(
    `update hokusai.effect
     set state = 'waiting', attempts = 0, problem = null, not_before = now(), put_at = now(), settled_at = null,
         number = nextval(pg_get_serial_sequence('hokusai.effect', 'number'))
     where key = $1 and state = 'dead' returning number`,
    [key],
  );
  return rows.length > 0;
}
