import { modesOf, type Plan, type Strength } from "#core/plan.ts";
import { proportion, type Proportion } from "./proportion.ts";

/** hypothesis, or hypothesis/mode where it has several -> check -> outcome -> how often it was seen where this fault alone was present. */
export type Frequencies = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
>;

export const frequencyKey = (hypothesis: string, mode: string | null): string =>
  mode === null ? hypothesis : `${hypothesis}/${mode}`;

/** One word of a plan beside what was observed. */
export interface Calibrated {
  /** With its mode, where it has several: "dns-resolution/gone". */
  readonly hypothesis: string;
  readonly check: string;
  readonly outcomes: readonly string[];
  readonly word: Strength;
  /** What the word stands for, 0 to 1. */
  readonly means: number;
  /** How often one of the outcomes was seen; `of` counts the runs in which the check ran. */
  readonly observed: Proportion;
  /** The word that is nearest to what was observed. */
  readonly nearest: Strength;
  /** The word's figure lies outside the interval of what was observed. */
  readonly off: boolean;
}

/**
 * Every effect of the plan, in its order. A strength says how often the fault decides what the check
 * shows; an outcome that is normal anyway is seen more often than that, so such a word is never "off"
 * for having been seen too often.
 */
export function calibrate(
  plan: Plan,
  frequencies: Frequencies,
  strengths: Readonly<Record<Strength, number>>,
  normal: (check: string) => string,
): readonly Calibrated[] {
  const claims = plan.hypotheses.flatMap((hypothesis) =>
    modesOf(hypothesis).flatMap(({ id, effects }) =>
      Object.entries(effects).map(([check, effect]) => ({
        id: frequencyKey(hypothesis.id, id === "" ? null : id),
        check,
        ...effect,
      })),
    ),
  );
  return claims.map(({ id, check, strength, outcomes }) => {
    const seen = frequencies[id]?.[check] ?? {};
    const runs = Object.values(seen).reduce((sum, count) => sum + count, 0);
    const hits = outcomes.reduce((sum, outcome) => sum + (seen[outcome] ?? 0), 0);
    const observed = proportion(hits, runs);
    const means = strengths[strength];
    const distance = (word: Strength): number => Math.abs(strengths[word] - observed.share);
    const nearest = (Object.keys(strengths) as Strength[]).toSorted(
      (a, b) => distance(a) - distance(b),
    )[0];
    const normalToo = outcomes.includes(normal(check));
    return {
      hypothesis: id,
      check,
      outcomes,
      word: strength,
      means,
      observed,
      nearest: nearest ?? strength,
      off: runs > 0 && (means > observed.high || (!normalToo && means < observed.low)),
    };
  });
}

/** The table for a terminal; the words that are off are marked. */
export function calibrationText(rows: readonly Calibrated[]): string {
  const line = ({ check, outcomes, word, means, observed, nearest, off }: Calibrated): string => {
    const seen =
      observed.of === 0
        ? "never looked at"
        : `seen ${observed.hits} of ${observed.of} (${(observed.low * 100).toFixed(0)}-${(observed.high * 100).toFixed(0)}%)`;
    const mark = off ? `  <- ${nearest}?` : "";
    return `  ${check.padEnd(34)} ${word.padEnd(9)} ${means.toFixed(2)}  ${seen.padEnd(26)} ${outcomes.join(", ")}${mark}`;
  };
  const groups = Object.entries(Object.groupBy(rows, ({ hypothesis }) => hypothesis));
  const off = rows.filter((row) => row.off).length;
  const looked = rows.filter(({ observed }) => observed.of > 0).length;
  return `${groups.map(([id, inside]) => [id, ...(inside ?? []).map(line)].join("\n")).join("\n\n")}\n\n${off} of ${looked} words lie outside the interval of what was observed.\n`;
}
