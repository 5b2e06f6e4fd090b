import { createHash, randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import { isoTime, type Clock } from "#core/clock.ts";
import type { Accepted, Claimed, Command, CommandQueue, WorkResult } from "#core/command-queue.ts";
import { messageOf } from "#core/errors.ts";
import type { Ledger } from "#core/incident.ts";
import type { Redactor } from "#core/redact.ts";
import type { Audit } from "./audit.ts";
import { heartbeatSeconds, queues } from "./jobs.ts";
import type { Sql } from "./sql.ts";

export interface CommandParts {
  readonly sql: Sql;
  readonly jobs: PgBoss;
  readonly ledger: Pick<Ledger, "openIncident" | "incident" | "amendIncident">;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly onProblem: (problem: string) => void;
}

/** Runs that one process works on at a time; more wait for their turn. */
const atOnce = 8;
/** What other processes accepted or left behind is found within this time. */
const lookEveryMs = 2_000;

interface ClaimedJob {
  readonly job: string;
  readonly claimed: Claimed;
}

export function createCommands(parts: CommandParts): CommandQueue {
  const { sql, jobs, ledger, clock, onProblem } = parts;
  const working = new Map<string, Promise<void>>();
  const waiters = new Map<string, Set<() => void>>();
  let act: ((claimed: Claimed) => Promise<WorkResult>) | null = null;
  let looking: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | null = null;
  let beat: NodeJS.Timeout | null = null;

  const claim = (): Promise<readonly ClaimedJob[]> =>
    sql.atomically(async () => {
      const free = atOnce - working.size;
      if (free <= 0) return [];
      const fetched = await jobs.fetch<{ investigation: string }>(queues.investigation, {
        batchSize: free,
      });
      const claimed: ClaimedJob[] = [];
      for (const { id: job, data, retryCount } of fetched) {
        const row = await sql.row<{ incident: string; command: Command }>(
          "update hokusai.investigation set owner = $2 where id = $1 and not job_done returning incident::text, command",
          [data.investigation, sql.home.owner],
        );
        const incident = row === null ? null : await ledger.incident(row.incident);
        if (row === null || incident === null) {
          await jobs.complete(queues.investigation, job);
          continue;
        }
        claimed.push({
          job,
          claimed: {
            investigationId: data.investigation,
            incident,
            command: row.command,
            interruptions: retryCount,
          },
        });
      }
      return claimed;
    });

  const finish = (job: string, id: string, result: WorkResult): Promise<void> =>
    sql.atomically(async () => {
      const mine = await sql.row(
        "update hokusai.investigation set owner = null, job_done = $3 where id = $1 and owner = $2 returning id",
        [id, sql.home.owner, result === "done"],
      );
      // Somebody else works on it now, and settles it.
      if (mine === null) return;
      if (result === "done") await jobs.complete(queues.investigation, job);
      else await jobs.fail(queues.investigation, job, { message: "handed over" });
    });

  const work = async ({ job, claimed }: ClaimedJob): Promise<void> => {
    const id = claimed.investigationId;
    let result: WorkResult = "hand-over";
    try {
      result = (await act?.(claimed)) ?? "hand-over";
    } catch (error) {
      onProblem(`investigation ${id}: ${messageOf(error)}`);
    }
    try {
      await finish(job, id, result);
    } catch (error) {
      // The job stays as it is: its heartbeat ends, and it is handed out again.
      onProblem(`investigation ${id}: ${messageOf(error)}`);
    } finally {
      working.delete(job);
      if (result === "done") tell(id);
      look();
    }
  };

  /** Jobs of processes that have ended are given out again without waiting for their heartbeat. */
  const freeOrphans = async (): Promise<void> => {
    const rows = await sql.rows<{ id: string; job: string; owner: number }>(
      "select id::text, job::text, owner from hokusai.investigation where not job_done and owner is not null and owner <> $1",
      [sql.home.owner],
    );
    const gone = new Map<number, boolean>();
    for (const { id, job, owner } of rows) {
      if (!gone.has(owner)) gone.set(owner, await sql.home.isGone(owner));
      if (gone.get(owner) !== true) continue;
      await sql.atomically(async () => {
        const freed = await sql.row(
          "update hokusai.investigation set owner = null where id = $1 and owner = $2 returning id",
          [id, owner],
        );
        if (freed !== null)
          await jobs.fail(queues.investigation, job, { message: "its process ended" });
      });
    }
  };

  const tell = (id: string): void => {
    for (const resolve of waiters.get(id) ?? []) resolve();
    waiters.delete(id);
  };
  /** Runs that another process ended. */
  const tellEnded = async (): Promise<void> => {
    if (waiters.size === 0) return;
    const ended = await sql.rows<{ id: string }>(
      "select id::text from hokusai.investigation where id = any($1::uuid[]) and job_done",
      [[...waiters.keys()]],
    );
    for (const { id } of ended) tell(id);
  };

  const lookOnce = async (): Promise<void> => {
    for (;;) {
      again = false;
      for (const job of await claim()) {
        // Its own job again, after a freeze: the run that goes on settles it.
        if (!working.has(job.job)) working.set(job.job, work(job));
      }
      await tellEnded();
      if (!again || act === null) return;
    }
  };
  const look = (): void => {
    if (act === null) return;
    again = true;
    looking ??= lookOnce()
      .catch((error: unknown) => onProblem(`commands: ${messageOf(error)}`))
      .finally(() => {
        looking = null;
        if (again) look();
      });
  };

  return {
    accept: (command, question, delivery) =>
      sql.atomically(async () => {
        const known = delivery === null ? null : await seen(sql, delivery, isoTime(clock.now()));
        if (known !== null) return joined(parts, known);
        const id = randomUUID();
        const key = createHash("sha256").update(question).digest("hex");
        const send = (): Promise<string | null> =>
          jobs.send(queues.investigation, { investigation: id }, { singletonKey: key });
        let job = await send();
        const running = job === null ? await runningOf(sql, key) : null;
        // Refused, and yet nothing runs: it was finished between the two looks.
        if (job === null && running === null) job = await send();
        const accepted =
          running === null
            ? await insert(parts, { id, key, job, command })
            : await joined(parts, running);
        if (delivery !== null) {
          await sql.rows("update hokusai.inbound set investigation = $2 where delivery = $1", [
            delivery,
            accepted.investigationId,
          ]);
        }
        await parts.audit.record({
          actor: command.asker.id ?? command.asker.door,
          channel: command.channel,
          action: accepted.joined ? "join" : "investigate",
          target: command.model,
          decision: "allowed",
          detail: { investigation: accepted.investigationId },
        });
        if (command.inside === true && !accepted.joined) {
          await parts.audit.record({
            actor: command.asker.id ?? command.asker.door,
            channel: command.channel,
            action: "look-inside",
            target: command.model,
            decision: "allowed",
            detail: { investigation: accepted.investigationId, service: command.service },
          });
        }
        sql.whenDurable(look);
        return accepted;
      }),
    async work(given) {
      act = given;
      await freeOrphans();
      look();
      timer = setInterval(() => {
        if (sql.home.kind === "postgres") {
          freeOrphans().then(look, (error: unknown) => onProblem(`commands: ${messageOf(error)}`));
        } else look();
      }, lookEveryMs);
      beat = setInterval(
        () => {
          if (working.size === 0) return;
          jobs
            .touch(queues.investigation, [...working.keys()])
            .catch((error: unknown) => onProblem(`commands: ${messageOf(error)}`));
        },
        (heartbeatSeconds * 1_000) / 3,
      );
      timer.unref();
      beat.unref();
    },
    async ended(id, signal) {
      const told = Promise.withResolvers<void>();
      // It may be rejected before anybody looks.
      told.promise.catch(() => undefined);
      const stop = (): void => told.reject(signal.reason as Error);
      signal.addEventListener("abort", stop, { once: true });
      const mine = waiters.get(id) ?? new Set();
      waiters.set(id, mine.add(told.resolve));
      try {
        if (signal.aborted) stop();
        const row = await sql.row(
          "select id from hokusai.investigation where id = $1 and job_done",
          [id],
        );
        if (row !== null) return;
        await told.promise;
      } finally {
        signal.removeEventListener("abort", stop);
        mine.delete(told.resolve);
        if (mine.size === 0 && waiters.get(id) === mine) waiters.delete(id);
      }
    },
    async stop() {
      act = null;
      if (timer !== null) clearInterval(timer);
      await looking;
      await Promise.all(working.values());
      if (beat !== null) clearInterval(beat);
    },
  };
}

/** The investigation of a delivery that came before; null: this is its first time, and it is marked. */
async function seen(sql: Sql, delivery: string, at: string): Promise<string | null> {
  const first = await sql.row(
    "insert into hokusai.inbound (delivery, at) values ($1, $2) on conflict (delivery) do nothing returning delivery",
    [delivery, at],
  );
  if (first !== null) return null;
  const row = await sql.row<{ investigation: string | null }>(
    "select investigation::text from hokusai.inbound where delivery = $1",
    [delivery],
  );
  return row?.investigation ?? null;
}

const runningOf = async (sql: Sql, question: string): Promise<string | null> =>
  (
    await sql.row<{ id: string }>(
      "select id::text from hokusai.investigation where question = $1 and not job_done order by accepted_at desc limit 1",
      [question],
    )
  )?.id ?? null;

async function joined({ sql, ledger }: CommandParts, id: string): Promise<Accepted> {
  const row = await sql.row<{ incident: string }>(
    "select incident::text from hokusai.investigation where id = $1",
    [id],
  );
  const incident = row === null ? null : await ledger.incident(row.incident);
  if (incident === null) throw new Error(`the record of investigation ${id} is gone`);
  return { incident, investigationId: id, joined: true };
}

async function insert(
  { sql, ledger, clock, redactor }: CommandParts,
  { id, key, job, command }: { id: string; key: string; job: string | null; command: Command },
): Promise<Accepted> {
  if (job === null) throw new Error("the same question is just being finished: ask again");
  const opened = await ledger.openIncident(command.service, command.channel);
  const incident =
    command.ticket === null || command.ticket === opened.ticket
      ? opened
      : await ledger.amendIncident(opened.id, { ticket: command.ticket });
  await sql.rows(
    `insert into hokusai.investigation (id, incident, model, question, command, job, job_done, accepted_at)
     values ($1, $2, $3, $4, $5::json, $6, false, $7)`,
    [
      id,
      incident.id,
      command.model,
      key,
      JSON.stringify(redactor.json(command)),
      job,
      isoTime(clock.now()),
    ],
  );
  return { incident, investigationId: id, joined: false };
}
