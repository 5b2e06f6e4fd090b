import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import v8 from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import { HokusaiError, messageOf } from "#core/errors.ts";
import { holdLock } from "./embedded-lock.ts";
import type { Connection, Home } from "./sql.ts";

/** The default of 128 MB would be resident for nothing. */
const startParameters = [
  ...PGlite.defaultStartParams,
  "-c",
  "shared_buffers=16MB",
  "-c",
  "wal_buffers=1MB",
];

/**
 * Postgres is 9 MB of WebAssembly. Optimised, it takes 750 MB for a moment and is no faster for what
 * the ledger asks (measured: 207 MB and the same time a statement without).
 */
function keepWasmSmall(): void {
  v8.setFlagsFromString("--no-wasm-dynamic-tiering");
  v8.setFlagsFromString("--no-wasm-tier-up");
}

/** Ample for a slow disk; measured: 2 to 5 s. */
const creationLimitMs = 90_000;

/**
 * Postgres compiled to WebAssembly, inside this process, in a directory. Survives the death of the
 * process, not of the machine: it does not wait for the disk (docs/operations.md).
 */
export async function openEmbedded(directory: string): Promise<Home> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await holdLock(directory);
  let database: PGlite | null = null;
  try {
    const data = join(directory, "postgres");
    if (!existsSync(data)) await createDatabase(directory, data);
    keepWasmSmall();
    database = await PGlite.create({ dataDir: data, startParams: startParameters });
    return toHome(database, lock);
  } catch (error) {
    await database?.close().catch(() => undefined);
    await lock.release();
    if (error instanceof HokusaiError) throw error;
    throw new HokusaiError(
      "configuration",
      `The ledger in ${directory} cannot be opened: ${messageOf(error)}`,
      {
        next: "Restore the directory from a copy, or move it away to begin a new ledger (docs/operations.md).",
        cause: error,
      },
    );
  }
}

/** In a child process, because making a database takes three times the memory of using one. */
async function createDatabase(directory: string, data: string): Promise<void> {
  for (const left of await readdir(directory)) {
    if (left.startsWith("postgres.new"))
      await rm(join(directory, left), { recursive: true, force: true });
  }
  const unfinished = `${data}.new-${process.pid}`;
  const program = join(import.meta.dirname, "create-database.ts");
  await promisify(execFile)(process.execPath, [program, unfinished], {
    timeout: creationLimitMs,
    env: {},
  });
  await rename(unfinished, data);
}

function toHome(database: PGlite, lock: { release(): Promise<void> }): Home {
  const owner = randomInt(1, 0x7fff_ffff);
  const toConnection = (target: Pick<PGlite, "query" | "exec">): Connection => ({
    query: async (text, values) =>
      (await target.query<Record<string, unknown>>(text, [...values])).rows,
    exec: async (text) => void (await target.exec(text)),
  });
  return {
    kind: "embedded",
    owner,
    ...toConnection(database),
    // The lock on the directory lets one process in: everybody else who ever wrote here has ended.
    isGone: (other) => Promise.resolve(other !== owner),
    begin: (work) =>
      database.transaction((transaction) =>
        work(toConnection(transaction as Pick<PGlite, "query" | "exec">)),
      ),
    jobs: fromPglite(database),
    async close() {
      await database.close();
      await lock.release();
    },
  };
}
