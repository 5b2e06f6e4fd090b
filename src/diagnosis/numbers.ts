import type { Noise } from "#core/check.ts";
import type { PriorWord, Strength } from "#core/plan.ts";

/**
 * What the words of a plan mean. Coarse on purpose: other mappings of the same words moved the top
 * answer by less than two points (docs/diagnosis.md).
 */
export const strengths: Readonly<Record<Strength, number>> = {
  certain: 0.99,
  expected: 0.95,
  usual: 0.8,
  sometimes: 0.4,
  rare: 0.1,
};

export const priors: Readonly<Record<PriorWord, number>> = { high: 0.15, medium: 0.06, low: 0.02 };

export const otherPrior = 0.05;
/** What the fault nobody listed expects of a check the plan gives no weights for: spread over what is abnormal. */
export const otherSpread = 0.05;

/** leak: abnormal although nothing is wrong. eta: the outcome is noise, whatever is wrong. */
export const noise: Readonly<Record<Noise, { readonly leak: number; readonly eta: number }>> = {
  read: { leak: 0.001, eta: 0.002 },
  probe: { leak: 0.015, eta: 0.015 },
  lasting: { leak: 0.015, eta: 0.015 },
  log: { leak: 0.08, eta: 0.03 },
};

/**
 * Of what was seen twice and alike, both readings are noise only as often as one times the other. A blip of a
 * network passes as well; what AWS says of itself,
 * a series of the last minutes, a published page and old lines in a log are there for the second reading too.
 */
export const noiseTwice: typeof noise = {
  read: { leak: noise.read.leak, eta: noise.read.eta ** 2 },
  probe: { leak: noise.probe.leak ** 2, eta: noise.probe.eta ** 2 },
  lasting: { leak: noise.lasting.leak, eta: noise.lasting.eta ** 2 },
  log: { leak: noise.log.leak, eta: noise.log.eta ** 2 },
};

export const thresholds = {
  confirmed: 0.9,
  likely: 0.6,
  possible: 0.15,
  healthy: 0.9,
  /** Nats of support. */
  ruledOut: -2.3,
  untested: 1,
} as const;

/** Enough digits for any reader, few enough that the order of a sum never shows. */
export const rounded = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale + 0;
};
