/** P(X <= k) of n draws with share p. */
const atMost = (k: number, n: number, p: number): number => {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
};

/** The share at which `probability`, which falls or rises with it, crosses .025; by halving. */
const crossing = (rises: boolean, probability: (share: number) => number): number => {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (probability(middle) > 0.025 === rises) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
};

/** Clopper-Pearson, 95%: what share of all requests may be slow, where `slow` of `count` were. */
export function slowShare(
  slow: number,
  count: number,
): { readonly low: number; readonly high: number } {
  return {
    low: slow === 0 ? 0 : crossing(true, (share) => 1 - atMost(slow - 1, count, share)),
    high: slow === count ? 1 : crossing(false, (share) => atMost(slow, count, share)),
  };
}

/** "19 of 20 under 2.0 s; slow share 0.1-25% (Clopper-Pearson, 95%)": never a percentile of the latency. */
export const slowShareWords = (slow: number, count: number, limit: string): string => {
  const { low, high } = slowShare(slow, count);
  const percent = (share: number): string =>
    `${share > 0 && share < 0.01 ? (share * 100).toFixed(1) : Math.round(share * 100)}`;
  return `${count - slow} of ${count} under ${limit}; slow share ${percent(low)}-${percent(high)}% (Clopper-Pearson, 95%)`;
};
