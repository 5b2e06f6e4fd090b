/** Holds a sample against the figures recorded with the last full run (eval/figures.json). */
import { readFileSync } from "node:fs";
import { percent, type Proportion } from "#evaluation/proportion.ts";
import { caseStrata, type Case } from "./cases.ts";
import { gated, type StratumFigures } from "./strata.ts";

const file = new URL("figures.json", import.meta.url);

/** Of each stratum, by its name: share by figure. */
export type Recorded = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const readRecorded = (): Recorded => JSON.parse(readFileSync(file, "utf8")) as Recorded;

export const toRecorded = (rows: readonly StratumFigures[]): Recorded =>
  Object.fromEntries(
    rows.map(({ name, stratum, diagnosis }) => [
      name,
      Object.fromEntries(
        gated[stratum].map(({ figure }) => [
          figure,
          Number((diagnosis[figure] as Proportion).share.toFixed(4)),
        ]),
      ),
    ]),
  );

/** Worlds of each stratum in a bounded run. */
const sampleSize = { single: 24, double: 10, masked: 4, healthy: 14, novel: 7 } as const;

/** Spread evenly over the cases, so that every system is met and each run looks at the same ones. */
export const sampleOf = (cases: readonly Case[]): readonly Case[] =>
  caseStrata.flatMap((stratum) => {
    const all = cases.filter((one) => one.stratum === stratum);
    const step = Math.max(1, all.length / sampleSize[stratum]);
    return Array.from(
      { length: Math.min(all.length, sampleSize[stratum]) },
      (_, index) => all[Math.floor(index * step)],
    ).filter((one) => one !== undefined);
  });

/** One sentence for each figure whose interval does not reach the recorded share. */
export const fallsOf = (rows: readonly StratumFigures[], recorded: Recorded): readonly string[] =>
  rows.flatMap(({ name, stratum, diagnosis }) => {
    const falls = gated[stratum].flatMap(({ figure, wanted }) => {
      const now = diagnosis[figure] as Proportion;
      const before = recorded[name]?.[figure];
      if (before === undefined) return [`${name}: ${figure} was never recorded (npm run eval)`];
      const worse = wanted === "more" ? now.high < before : now.low > before;
      if (!worse) return [];
      return [
        `${name}: ${figure} is ${percent(now.share)} (${percent(now.low)} to ${percent(now.high)}), recorded ${percent(before)}`,
      ];
    });
    const unseen = diagnosis.unseenRuledOut;
    return unseen === 0
      ? falls
      : [...falls, `${name}: ${unseen} hypotheses were ruled out that nobody looked at`];
  });
