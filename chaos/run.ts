/**
 * npm run chaos -- --kills 20 [--json] [--store embedded|postgres] [--seed 1]
 * Kills what `npm start` starts, again and again, while people ask; then compares what was asked, what
 * the ledger holds and what Slack and Linear saw. Exit code 1 when anything was lost or doubled.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { systemClock } from "#core/clock.ts";
import { openLedger, type DurableLedger } from "#ledger/open-ledger.ts";
import { startWorld } from "../src/sandbox/start.ts";
import { startBotProcess, type BotProcess } from "./bot-process.ts";
import { compare } from "./compare.ts";
import { createCrowd } from "./questions.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    store: { type: "string", default: "embedded" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    fault: { type: "string", default: "auth-unreachable" },
    json: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const kills = Number(values.kills);
const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));

/** Small and repeatable: the same seed kills at the same moments. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Longest that a bot lives before it is killed, and that nobody asks. */
const longestLifeMs = 7_000;
const longestSilenceMs = 1_000;
/** Nothing was said for this long: everything was said. */
const quietMs = 6_000;
const quietWithinMs = 180_000;
/** Starts without a kill that it may take until everything is done. */
const mostRounds = 8;

interface Place {
  readonly databaseUrl: string | null;
  readonly dataDirectory: string;
  remove(): Promise<void>;
}

async function makePlace(store: string): Promise<Place> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "hokusai-chaos-"));
  const removeDirectory = (): Promise<void> => rm(dataDirectory, { recursive: true, force: true });
  if (store === "embedded") return { databaseUrl: null, dataDirectory, remove: removeDirectory };
  const server = process.env["TEST_DATABASE_URL"];
  if (store !== "postgres" || server === undefined) {
    await removeDirectory();
    throw new Error(
      "--store is embedded or postgres; postgres wants TEST_DATABASE_URL=postgres://... of a server to use",
    );
  }
  const onServer = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const name = `hokusai_chaos_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    databaseUrl: url.href,
    dataDirectory,
    async remove() {
      await removeDirectory();
      await onServer(`drop database ${name} with (force)`);
    },
  };
}

async function main(): Promise<number> {
  const random = createRandom(Number(values.seed));
  const place = await makePlace(values.store);
  const world = await startWorld({ faults: [values.fault] });
  const problems: string[] = [];
  const onLine = (line: string): void => {
    if (values.verbose) process.stderr.write(`${line}\n`);
    if (!line.includes('"level":30')) problems.push(line);
  };
  const env: Record<string, string> = {
    ...world.env,
    PORT: "0",
    HOKUSAI_DATA_DIR: place.dataDirectory,
    ...(place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl }),
  };
  let bot: BotProcess | null = null;
  try {
    await world.settled();
    const crowd = createCrowd(world.slack, random);
    const killedAt: string[] = [];
    const readyMs: number[] = [];
    const start = async (killAfterMs: number | null): Promise<BotProcess | null> => {
      const started = await startBotProcess(env, onLine, killAfterMs);
      if (started !== null) {
        readyMs.push(started.readyMs);
        world.slack.driver.connect(`${started.url}/slack/events`);
        await crowd.redeliver();
      }
      return started;
    };

    say(`${kills} kills, ${values.store}, seed ${values.seed}`);
    for (let kill = 1; kill <= kills; kill += 1) {
      // One in six dies while it starts.
      bot = await start(kill > 1 && random() < 1 / 6 ? random() * 1_500 : null);
      if (bot !== null) {
        const until = Date.now() + random() * longestLifeMs;
        const asking: Promise<void>[] = [];
        while (Date.now() < until) {
          if (random() < 0.7) asking.push(crowd.ask());
          await pause(Math.min(random() * longestSilenceMs, Math.max(0, until - Date.now())));
        }
        killedAt.push(new Date().toISOString());
        await bot.kill();
        await Promise.all(asking);
      } else killedAt.push(new Date().toISOString());
      say(
        `kill ${kill}: ${crowd.asked.length} asked, ${world.slack.events.length} things seen in Slack`,
      );
    }

    // Several runs of one incident may be quiet for long: the ledger says whether everything is done.
    let settledMs = 0;
    let exitCode: number | null = null;
    let ledger: DurableLedger;
    for (let round = 1; ; round += 1) {
      bot = await start(null);
      await crowd.redeliver();
      settledMs += await untilQuiet(() => world.slack.events.length + world.linear.changes.length);
      exitCode = (await bot?.terminate(40_000)) ?? null;
      bot = null;
      ledger = await openLedger({
        ...place,
        clock: systemClock,
        onProblem: (line) => problems.push(line),
      });
      if (exitCode !== 0 || round === mostRounds || (await isDone(ledger))) break;
      await ledger.close();
    }
    const result = await compare(crowd.asked, ledger, world, killedAt);
    await ledger.close();

    const acknowledged = crowd.asked.filter((one) => one.acknowledged);
    const report = {
      kills,
      store: values.store,
      seed: Number(values.seed),
      asked: crowd.asked.length,
      acknowledged: acknowledged.length,
      acknowledgedMs: {
        median: median(acknowledged.map(({ tookMs }) => tookMs)),
        max: largest(acknowledged.map(({ tookMs }) => tookMs)),
      },
      readyMs: { median: median(readyMs), max: largest(readyMs) },
      settledMs,
      exitCode,
      ...result,
      counts: {
        lost: result.lost.length,
        doubled: result.doubled.length,
        gatheredAgain: result.gatheredAgain.length,
      },
      problems: [...new Set(problems)].slice(0, 20),
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.counts.lost + report.counts.doubled + report.counts.gatheredAgain === 0 &&
      exitCode === 0
      ? 0
      : 1;
  } finally {
    await bot?.kill();
    await world.stop();
    await place.remove();
  }
}

async function isDone(ledger: DurableLedger): Promise<boolean> {
  const row = await ledger.sql.row<{ n: number }>(
    `select (select count(*) from hokusai.investigation where not job_done)::int
       + (select count(*) from hokusai.effect where state = 'waiting')::int as n`,
  );
  return row?.n === 0;
}

async function untilQuiet(count: () => number): Promise<number> {
  const began = Date.now();
  let [seen, since] = [count(), Date.now()];
  while (Date.now() - since < quietMs && Date.now() - began < quietWithinMs) {
    await pause(200);
    if (count() !== seen) [seen, since] = [count(), Date.now()];
  }
  return since - began;
}

const median = (numbers: readonly number[]): number =>
  Math.round(numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);
const largest = (numbers: readonly number[]): number => Math.round(Math.max(0, ...numbers));

process.exitCode = await main();
