/** A share with its uncertainty. */
export interface Proportion {
  readonly hits: number;
  readonly of: number;
  /** 0 to 1; 0 of 0 is 0. */
  readonly share: number;
  /** Wilson's interval at 95%. */
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95% of the normal distribution. */
const z = 1.959_963_985;

/** Wilson (1927): does not leave 0..1 and means something for 0 hits, unlike the textbook interval. */
export function proportion(hits: number, of: number): Proportion {
  if (of === 0) return { hits, of, share: 0, low: 0, high: 1 };
  const share = hits / of;
  const spread = z ** 2 / of;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / of + spread / (4 * of));
  return { hits, of, share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** "66.7%" */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** "66.7% (21-94)" */
export const withInterval = ({ share, low, high }: Proportion): string =>
  `${percent(share)} (${(low * 100).toFixed(0)}-${(high * 100).toFixed(0)})`;
