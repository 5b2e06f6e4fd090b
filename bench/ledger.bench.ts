/**
 * Whether 100,000 past investigations slow a new one. Run: node bench/ledger.bench.ts [embedded|postgres]
 * (postgres wants TEST_DATABASE_URL). Exits 1 where a step takes over twice as long as with 100.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { systemClock } from "#core/clock.ts";
import type { InvestigationEvent } from "#core/investigation.ts";
import { openLedger, type DurableLedger } from "#ledger/open-ledger.ts";

const past = [100, 100_000] as const;
const rounds = 60;
const slowestRatio = 2;
/** Below this a ratio measures the machine: milliseconds. */
const noiseMs = 1;
/** What reads the past itself has more to read where there is more, up to its limits; its fact has 2 s. */
const allowedMs: ReadonlyMap<string, number> = new Map([["earlier incidents", 200]]);

const store = process.argv[2] ?? "embedded";
const now = (): string => new Date().toISOString();

/** Ended runs of 40 models in closed incidents, one open incident, and what was posted for each. */
async function seed({ sql }: DurableLedger, count: number): Promise<void> {
  const incidents = Math.ceil(count / 4);
  // One at a time, each after the statistics of the one before: the planner has to know what is there.
  const fill = async (table: string, select: string): Promise<void> => {
    await sql.exec(`insert into hokusai.${table} ${select} on conflict do nothing`);
    await sql.exec(`vacuum analyze hokusai.${table}`);
  };
  await fill(
    "incident",
    `(id, service, channel, opened_at, closed_at)
     select gen_random_uuid(), 'service-' || n % 20, 'C' || n % 5,
       now() - n * interval '1 minute', now() - n * interval '50 seconds'
     from generate_series(1, ${incidents}) n`,
  );
  await fill(
    "investigation",
    `(id, incident, model, question, accepted_at, started_at, ended_at, verdict)
     select gen_random_uuid(), i.id, 'model-' || n % 40, md5(n::text), now() - n * interval '1 minute',
       now() - n * interval '1 minute', now() - n * interval '59 seconds', 'fault'
     from (select id, row_number() over () as at from hokusai.incident where closed_at is not null limit ${incidents}) i
     cross join lateral generate_series(i.at, ${count}, ${incidents}) n`,
  );
  await fill(
    "event",
    `(investigation, position, body)
     select id, p, json_build_object('type', 'fact', 'at', now(), 'fact', 'f' || p,
       'gathered', json_build_object('state', 'known', 'value', p))
     from hokusai.investigation, generate_series(1, 3) p`,
  );
  await fill(
    "posted",
    "(key, ref, hash, at) select id || '/root', 'r', 'h', coalesce(started_at, now()) from hokusai.investigation",
  );
  await fill(
    "effect",
    `(key, queue, kind, payload, state, settled_at)
     select id || '/root', 'slack/' || incident, 'slack.post', '{}', 'sent', coalesce(started_at, now())
     from hokusai.investigation`,
  );
  await fill(
    "inbound",
    "(delivery, investigation, at) select 'd' || number, id, coalesce(started_at, now()) from hokusai.investigation",
  );
}

const started = (id: string, model: string): InvestigationEvent =>
  ({
    type: "started",
    at: now(),
    id,
    target: { id: model },
    plan: { priorities: [] },
    reported: null,
    asker: { door: "slack", id: "U1" },
    vantage: "internet",
  }) as unknown as InvestigationEvent;
const fact = (n: number): InvestigationEvent => ({
  type: "fact",
  at: now(),
  fact: `f${n}`,
  gathered: { state: "known", at: now(), tookMs: 1, value: { text: "x".repeat(2_000) } },
});

/** Median milliseconds of each step of a new investigation. */
async function measure(ledger: DurableLedger): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>();
  const timed = async <Value>(step: string, act: () => Promise<Value>): Promise<Value> => {
    const began = performance.now();
    const value = await act();
    const list = times.get(step) ?? [];
    times.set(step, list);
    list.push(performance.now() - began);
    return value;
  };
  const sent = Promise.withResolvers<void>();
  const outbox = ledger.openOutbox(new Map([["say.it", async () => sent.resolve()]]));
  for (let round = 0; round < rounds; round += 1) {
    const model = `model-${round % 40}`;
    const command = {
      model,
      service: `service-${round % 20}`,
      plan: null,
      reported: null,
      asker: { door: "slack", id: "U1" },
      channel: "C1",
      ticket: null,
    } as const;
    const { investigationId: id, incident } = await timed("accept a command", () =>
      ledger.commands.accept(command, randomUUID(), randomUUID()),
    );
    await timed("append an event", () => ledger.append(incident.id, id, started(id, model)));
    for (let n = 0; n < 3; n += 1)
      await timed("append an event", () => ledger.append(incident.id, id, fact(n)));
    await timed("read the run", () => ledger.investigation(id));
    await timed("read the incident", () => ledger.incident(incident.id));
    await timed("newest of a model", () => ledger.newestInvestigation(model));
    await timed("earlier incidents", () =>
      ledger.earlierIncidents({
        model,
        service: command.service,
        incident: incident.id,
        channel: "C1",
        since: new Date(Date.now() - 90 * 24 * 60 * 60_000).toISOString(),
      }),
    );
    await timed("look a message up", () => ledger.posted(`${id}/root`));
    await timed("put an effect", () =>
      outbox.put({ key: `${id}/root`, queue: `slack/${incident.id}`, kind: "say.it", payload: {} }),
    );
    await ledger.sql.rows(
      "update hokusai.investigation set job_done = true, ended_at = now() where id = $1",
      [id],
    );
    await ledger.closeIncident(incident.id);
  }
  const began = performance.now();
  outbox.start();
  await sent.promise;
  await outbox.drained();
  times.set("send an effect", [(performance.now() - began) / rounds]);
  await outbox.stop();
  return new Map(
    [...times].map(([step, list]) => [
      step,
      list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0,
    ]),
  );
}

async function open(): Promise<{ ledger: DurableLedger; remove: () => Promise<void> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "hokusai-bench-"));
  const onProblem = (problem: string): void => console.error(problem);
  const removeDirectory = (): Promise<void> => rm(dataDirectory, { recursive: true, force: true });
  if (store !== "postgres") {
    const ledger = await openLedger({
      databaseUrl: null,
      dataDirectory,
      clock: systemClock,
      onProblem,
    });
    return { ledger, remove: removeDirectory };
  }
  const server = process.env["TEST_DATABASE_URL"];
  if (server === undefined) throw new Error("postgres wants TEST_DATABASE_URL=postgres://...");
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const name = `hokusai_bench_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const ledger = await openLedger({
    databaseUrl: url.href,
    dataDirectory,
    clock: systemClock,
    onProblem,
  });
  return {
    ledger,
    async remove() {
      await removeDirectory();
      await onServer(`drop database ${name} with (force)`);
    },
  };
}

const medians: ReadonlyMap<string, number>[] = [];
const { ledger, remove } = await open();
try {
  let seeded = 0;
  for (const count of past) {
    await seed(ledger, count - seeded);
    seeded = count;
    // What the seeding itself left to be written would be measured otherwise.
    if (store === "postgres") await ledger.sql.exec("checkpoint");
    await measure(ledger);
    medians.push(await measure(ledger));
  }
} finally {
  await ledger.close();
  await remove();
}

let slow = 0;
console.log(
  `${store}: median milliseconds with ${past.map((count) => count.toLocaleString("en")).join(" and ")} past investigations`,
);
for (const [step, few] of medians[0] ?? []) {
  const many = medians[1]?.get(step) ?? 0;
  const ratio = many / few;
  const tooSlow = ratio > slowestRatio && many > (allowedMs.get(step) ?? noiseMs);
  if (tooSlow) slow += 1;
  console.log(
    `${step.padEnd(20)} ${few.toFixed(2).padStart(8)} ${many.toFixed(2).padStart(8)}   ${ratio.toFixed(2)}x${tooSlow ? "  too slow" : ""}`,
  );
}
process.exitCode = slow > 0 ? 1 : 0;
