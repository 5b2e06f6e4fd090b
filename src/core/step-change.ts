/** Where a count per minute steps up, and how sure that is. */
export interface StepChange {
  /** Index of the first minute after the step, with the interval that the data allow. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** Twice the log likelihood ratio over the dispersion: what the threshold is held against. */
  readonly strength: number;
}

const threshold = 15;
/** The 95% point of chi-square with one degree of freedom: the statistic is 2 ln LR. */
const interval = 3.84;
/** Fewer errors than these are everyday life, however quiet it was before. */
const fewest = 3;
/** Bursts last longer than a minute: their dispersion shows in longer stretches only. */
const stretch = 10;

/**
 * One step up in a Poisson rate: twice the log likelihood ratio of two rates against one, divided by the
 * dispersion around the two, because errors come in bursts; the minute with the most errors may not make it
 * alone. A rate is errors per exposure; every exposure given has to show the step (the dispersion is that of
 * the first). Null: no step up, or too little to say.
 */
export function stepChange(
  counts: readonly number[],
  exposures: readonly (readonly number[])[] = [counts.map(() => 1)],
): StepChange | null {
  const n = counts.length;
  const errors = cumulated(counts);
  const exposed = exposures.map((one) => ({ one, sums: cumulated(one) }));
  const sidesAt = (at: number, { one, sums }: (typeof exposed)[number], without = -1): Sides => ({
    before: { errors: errors[at] ?? 0, exposure: sums[at] ?? 0 },
    since: {
      errors: (errors[n] ?? 0) - (errors[at] ?? 0) - (counts[without] ?? 0),
      exposure: (sums[n] ?? 0) - (sums[at] ?? 0) - (one[without] ?? 0),
    },
  });
  const gainAt = (at: number, without?: number): number =>
    Math.min(...exposed.map((each) => gain(sidesAt(at, each, without))));
  const gains = Array.from({ length: Math.max(0, n - 1) }, (_, i) => gainAt(i + 1));
  // Minutes without any exposure tell nothing: of equal splits it is the last, before the first errors.
  const best = gains.reduce((top, one, i) => (one >= (gains[top] ?? 0) ? i : top), 0);
  const at = best + 1;
  const [first] = exposed;
  if (n < 4 || first === undefined || (gains[best] ?? 0) < threshold) return null;

  const { before, since } = sidesAt(at, first);
  const rates = [before.errors / before.exposure, since.errors / since.exposure] as const;
  const minutes = counts.map((count, i) => {
    const exposure = first.one[i] ?? 0;
    return { count, mean: exposure * (i < at ? rates[0] : rates[1]), exposure };
  });
  const byMinute = dispersion(minutes, at, 1);
  const strength = gainAt(at) / Math.max(byMinute, dispersion(minutes, at, stretch));
  const largest = counts.indexOf(Math.max(...counts.slice(at)), at);
  const share = gainAt(at, largest) / gainAt(at);
  if (strength * share < threshold || since.errors < fewest) return null;

  const isLikely = (i: number): boolean =>
    ((gains[best] ?? 0) - (gains[i] ?? 0)) / byMinute <= interval;
  let [low, high] = [best, best];
  while (low > 0 && isLikely(low - 1)) low -= 1;
  while (high < n - 2 && isLikely(high + 1)) high += 1;
  return { at, low: low + 1, high: high + 1, strength };
}

interface Side {
  readonly errors: number;
  readonly exposure: number;
}
interface Sides {
  readonly before: Side;
  readonly since: Side;
}

/** Twice the log likelihood ratio of two rates against one; none where the rate does not rise. */
function gain({ before, since }: Sides): number {
  if (before.exposure <= 0 || since.exposure <= 0) return 0;
  if (since.errors / since.exposure <= before.errors / before.exposure) return 0;
  const all = {
    errors: before.errors + since.errors,
    exposure: before.exposure + since.exposure,
  };
  return 2 * (fit(before) + fit(since) - fit(all));
}

const fit = ({ errors, exposure }: Side): number =>
  errors === 0 ? 0 : errors * Math.log(errors / exposure);

/** Chi-square over its degrees of freedom, in stretches of so many minutes to either side of the step; at least 1. */
function dispersion(
  minutes: readonly { readonly count: number; readonly mean: number; readonly exposure: number }[],
  at: number,
  size: number,
): number {
  const cut = (part: typeof minutes): (typeof minutes)[] =>
    Array.from({ length: Math.ceil(part.length / size) }, (_, i) =>
      part.slice(i * size, (i + 1) * size),
    );
  // Whole stretches next to the step, so that what is left over lies at the ends.
  const stretches = [...cut(minutes.slice(0, at).toReversed()), ...cut(minutes.slice(at))];
  const informative = stretches.filter((part) => part.some(({ exposure }) => exposure > 0));
  const chi = informative.reduce((sum, part) => {
    const count = part.reduce((all, one) => all + one.count, 0);
    const mean = part.reduce((all, one) => all + one.mean, 0);
    return sum + (count - mean) ** 2 / Math.max(mean, 0.05);
  }, 0);
  return Math.max(1, chi / (informative.length - 2));
}

/** [0, first, first + second, ...]. */
function cumulated(values: readonly number[]): readonly number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}
