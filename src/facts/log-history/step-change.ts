/** Where a count per minute steps up, and how sure that is. */
export interface StepChange {
  /** Index of the first minute after the step, with the interval that the data allow. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** Mean counts a minute before and after. */
  readonly before: number;
  readonly after: number;
}

const threshold = 15;
/** Half of the 95% point of chi-square with one degree of freedom, doubled: the statistic is 2 ln LR. */
const interval = 3.84;

/**
 * One step in a Poisson rate: twice the log likelihood ratio of two rates against one, divided by the
 * dispersion around the two, because errors come in bursts. Null: no step up, or too little to say.
 */
export function stepChange(counts: readonly number[]): StepChange | null {
  const n = counts.length;
  const sums = [0];
  for (const count of counts) sums.push((sums.at(-1) ?? 0) + count);
  const total = sums[n] ?? 0;
  if (n < 4 || total === 0) return null;

  const fit = (sum: number, length: number): number =>
    sum === 0 ? 0 : sum * Math.log(sum / length);
  const gains = Array.from({ length: n - 1 }, (_, i) => {
    const left = sums[i + 1] ?? 0;
    return 2 * (fit(left, i + 1) + fit(total - left, n - i - 1) - fit(total, n));
  });
  const best = gains.reduce((top, gain, i) => (gain > (gains[top] ?? 0) ? i : top), 0);
  const at = best + 1;
  const before = (sums[at] ?? 0) / at;
  const after = (total - (sums[at] ?? 0)) / (n - at);

  const chi = counts.reduce((sum, count, i) => {
    const mean = Math.max(i < at ? before : after, 0.05);
    return sum + (count - mean) ** 2 / mean;
  }, 0);
  const dispersion = Math.max(1, chi / (n - 2));
  const scaled = gains.map((gain) => gain / dispersion);
  const top = scaled[best] ?? 0;
  if (after <= before || top < threshold) return null;

  let [low, high] = [best, best];
  while (low > 0 && top - (scaled[low - 1] ?? 0) <= interval) low -= 1;
  while (high < n - 2 && top - (scaled[high + 1] ?? 0) <= interval) high += 1;
  return { at, low: low + 1, high: high + 1, before, after };
}
