import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { HokusaiError } from "#core/errors.ts";

export interface Lock {
  release(): Promise<void>;
}

/**
 * One process a directory: PGlite itself lets a second one in, and both lose rows. The lock is an
 * exclusive transaction on a side file, which the kernel frees however the process ends.
 */
export async function holdLock(directory: string): Promise<Lock> {
  const owner = join(directory, "lock.pid");
  const side = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    side.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    side.close();
    // SQLite's result code SQLITE_BUSY.
    if ((error as { errcode?: unknown }).errcode !== 5) throw error;
    const pid = (await readFile(owner, "utf8").catch(() => "")).trim();
    throw new HokusaiError(
      "configuration",
      `The ledger in ${directory} is in use: hokusai is already running, pid ${pid === "" ? "unknown" : pid}.`,
      {
        next: "Stop that one first, set HOKUSAI_DATA_DIR to another directory, or set DATABASE_URL: Postgres takes many.",
        cause: error,
      },
    );
  }
  await writeFile(owner, `${process.pid}\n`);
  let held = true;
  return {
    async release() {
      if (!held) return;
      held = false;
      side.close();
    },
  };
}
