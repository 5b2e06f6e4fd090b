import type { Plan } from "#core/plan.ts";
import { otherPrior, priors } from "./numbers.ts";

/**
 * Every set of at most two faults, as indices in path order; the fault nobody listed is the last
 * index. Nothing first, then single faults, then pairs: among equals the earlier one leads.
 */
export interface States {
  readonly members: readonly (readonly number[])[];
  /** Natural logarithm of each set's prior, normalised over the sets. */
  readonly logPrior: Float64Array;
}

export function toStates(plan: Plan): States {
  const probability = [
    ...plan.hypotheses.map((hypothesis) => priors[hypothesis.prior]),
    otherPrior,
  ];
  const members: number[][] = [[]];
  for (let i = 0; i < probability.length; i++) members.push([i]);
  for (let i = 0; i < probability.length; i++) {
    for (let j = i + 1; j < probability.length; j++) members.push([i, j]);
  }
  // The product over those that are not members is the same for all sets but for these odds.
  const odds = probability.map((p) => p / (1 - p));
  const weight = new Float64Array(members.length);
  let total = 0;
  for (const [s, set] of members.entries()) {
    let product = 1;
    for (const i of set) product *= odds[i] ?? 0;
    weight[s] = product;
    total += product;
  }
  return { members, logPrior: weight.map((w) => Math.log(w / total)) };
}
