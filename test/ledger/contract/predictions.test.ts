/** The day's test predictions, wherever they are counted. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPredictionFile } from "#clients/probe/prediction-file.ts";
import { createMemoryPredictionCount, type PredictionCount } from "#core/prediction-count.ts";
import type { DurableLedger } from "#ledger/open-ledger.ts";
import { stores } from "./stores.ts";

interface Home {
  /** Opened anew, as after a restart. */
  open(): Promise<PredictionCount>;
  remove(): Promise<void>;
}

const inFile = async (): Promise<Home> => {
  const folder = await mkdtemp(join(tmpdir(), "hokusai-predictions-"));
  return {
    open: async () => createPredictionFile(join(folder, "kept", "predictions.json")),
    remove: () => rm(folder, { recursive: true }),
  };
};
const homes: { name: string; make: () => Promise<Home> }[] = [
  { name: "file", make: inFile },
  ...stores.map(({ name, make }) => ({
    name,
    make: async (): Promise<Home> => {
      const store = await make();
      let ledger: DurableLedger | null = null;
      return {
        async open() {
          await ledger?.close();
          ledger = await store.open();
          return ledger.predictions;
        },
        async remove() {
          await ledger?.close();
          await store.remove();
        },
      };
    },
  })),
];

const takes = (count: PredictionCount, day: string, most: number, times: number) =>
  Promise.all(Array.from({ length: times }, () => count.take(day, most)));
const yes = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

describe("predictions of a day", { timeout: 120_000 }, () => {
  it.each(homes)(
    "are capped over restarts, and begin anew the next day: $name",
    async ({ make }) => {
      const home = await make();
      try {
        expect(yes(await takes(await home.open(), "2026-11-21", 5, 3))).toBe(3);
        const again = await home.open();
        expect(yes(await takes(again, "2026-11-21", 5, 10))).toBe(2);
        expect(yes(await takes(again, "2026-11-22", 5, 10))).toBe(5);
        expect(yes(await takes(again, "2026-11-22", 0, 2))).toBe(0);
      } finally {
        await home.remove();
      }
    },
  );

  it("are capped in memory, for as long as the process lives", async () => {
    const count = createMemoryPredictionCount();
    expect(yes(await takes(count, "2026-11-21", 2, 3))).toBe(2);
    expect(yes(await takes(count, "2026-11-22", 2, 3))).toBe(2);
  });

  it("are counted all the same where the file cannot be read or written", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hokusai-predictions-"));
    try {
      await writeFile(join(folder, "garbled"), "{");
      await writeFile(join(folder, "file"), "");
      for (const path of [join(folder, "garbled"), join(folder, "file", "below")]) {
        // oxlint-disable-next-line no-await-in-loop -- one place after the other
        expect(yes(await takes(createPredictionFile(path), "2026-11-21", 2, 3)), path).toBe(2);
      }
      expect(await readdir(folder)).toEqual(["file", "garbled"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
