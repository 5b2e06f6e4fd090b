import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { systemClock, type Clock } from "#core/clock.ts";
import { migrations } from "#ledger/migrations.ts";
import { openLedger, type DurableLedger, type LedgerOptions } from "#ledger/open-ledger.ts";

/** A place where a ledger can be opened again and again. */
export interface Store {
  readonly options: Pick<LedgerOptions, "databaseUrl" | "dataDirectory">;
  open(more?: Partial<LedgerOptions>): Promise<DurableLedger>;
  /** What was reported as a problem since the last call. */
  problems(): readonly string[];
  remove(): Promise<void>;
}

export interface StoreKind {
  readonly name: string;
  readonly make: () => Promise<Store>;
}

const serverUrl = process.env["TEST_DATABASE_URL"];
const required = process.env["HOKUSAI_REQUIRE_SERVICES"] === "1";

if (serverUrl === undefined && !required) {
  console.warn(
    "Skipped on Postgres. To run: TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/test npx vitest run test/ledger",
  );
}

/** PGlite always; Postgres where a server is given, or where leaving it out would be a failure. */
export const stores: readonly StoreKind[] = [
  { name: "embedded", make: makeEmbedded },
  ...(serverUrl !== undefined || required ? [{ name: "postgres", make: makePostgres }] : []),
];

/** Making a database takes seconds; each store starts as a copy of one that was made before. */
async function emptyLedger(): Promise<string> {
  const manifest = new URL("../../../package.json", import.meta.url);
  const made = createHash("sha256")
    .update(JSON.stringify(migrations))
    .update(await readFile(manifest))
    .digest("hex");
  const template = join(tmpdir(), `hokusai-empty-ledger-${made.slice(0, 16)}`);
  if (existsSync(template)) return template;
  const unfinished = await mkdtemp(`${template}-`);
  const ledger = await openLedger({
    databaseUrl: null,
    dataDirectory: unfinished,
    clock: systemClock,
    onProblem: () => undefined,
  });
  await ledger.close();
  // Another worker may have been faster.
  await rename(unfinished, template).catch(() => rm(unfinished, { recursive: true, force: true }));
  return template;
}

async function makeEmbedded(): Promise<Store> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "hokusai-ledger-"));
  await cp(await emptyLedger(), dataDirectory, { recursive: true });
  return toStore({ databaseUrl: null, dataDirectory }, () =>
    rm(dataDirectory, { recursive: true, force: true }),
  );
}

async function makePostgres(): Promise<Store> {
  if (serverUrl === undefined)
    throw new Error("HOKUSAI_REQUIRE_SERVICES=1 wants TEST_DATABASE_URL=postgres://...");
  const name = `hokusai_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return toStore({ databaseUrl: url.href, dataDirectory: "unused" }, () =>
    onServer(`drop database ${name} with (force)`),
  );
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function toStore(options: Store["options"], remove: () => Promise<void>): Store {
  const opened = new Set<DurableLedger>();
  let problems: string[] = [];
  return {
    options,
    async open(more = {}) {
      const ledger = await openLedger({
        ...options,
        clock: systemClock,
        onProblem: (problem) => problems.push(problem),
        ...more,
      });
      opened.add(ledger);
      return {
        ...ledger,
        async close() {
          opened.delete(ledger);
          await ledger.close();
        },
      };
    },
    problems() {
      const told = problems;
      problems = [];
      return told;
    },
    async remove() {
      for (const ledger of opened) await ledger.close();
      await remove();
    },
  };
}

/** A clock that stands still until it is set forward. */
export function createTestClock(
  at = "2026-11-20T10:00:00.000Z",
): Clock & { forward(ms: number): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    forward(ms) {
      now += ms;
    },
  };
}
