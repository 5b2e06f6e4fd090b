import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isRecord } from "#core/observation.ts";
import { createMemoryPredictionCount, type PredictionCount } from "#core/prediction-count.ts";

/**
 * The day's predictions in a small file, for a terminal, which has no ledger. Two terminals at the same
 * moment may count one for two. Where nothing can be written, it counts for this process alone.
 */
export function createPredictionFile(path: string): PredictionCount {
  const fallback = createMemoryPredictionCount();
  let turn: Promise<unknown> = Promise.resolve();
  const take = async (day: string, most: number): Promise<boolean> => {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const count = await read(path, day);
      if (count >= most) return false;
      const next = `${path}.${process.pid}`;
      await writeFile(next, JSON.stringify({ day, count: count + 1 }), { mode: 0o600 });
      await rename(next, path);
      return true;
    } catch {
      return fallback.take(day, most);
    }
  };
  return {
    take(day, most) {
      const mine = turn.then(() => take(day, most));
      turn = mine;
      return mine;
    },
  };
}

async function read(path: string, day: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  const kept: unknown = JSON.parse(text);
  return isRecord(kept) && kept["day"] === day && typeof kept["count"] === "number"
    ? kept["count"]
    : 0;
}
