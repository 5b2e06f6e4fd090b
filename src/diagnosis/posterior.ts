import type { Evidence } from "./evidence.ts";
import { logLikelihood } from "./evidence.ts";
import type { States } from "./states.ts";

export interface Posterior {
  readonly states: States;
  /** Per set of faults: prior times likelihood, as a logarithm, not normalised. */
  readonly score: Float64Array;
  /** Per set of faults. */
  readonly probability: Float64Array;
  /** Index of the leading set. */
  readonly leading: number;
  /** Per fault, over all sets that hold it. */
  readonly marginal: Float64Array;
}

/** Per finding, per set of faults. */
export const toLogLikelihoods = (
  states: States,
  evidence: readonly Evidence[],
): readonly Float64Array[] => evidence.map((one) => toRow(states, one));

/**
 * The same figures as `logLikelihood` for every set. A fault that does not claim the check changes
 * nothing, so most sets share the figure of a smaller one: that is what makes 100 x 100 quick.
 */
function toRow(states: States, evidence: Evidence): Float64Array {
  const { strength } = evidence.claims;
  const none = logLikelihood(evidence, []);
  const alone = strength.map((claim, fault) =>
    claim > 0 ? logLikelihood(evidence, [fault]) : none,
  );
  const row = new Float64Array(states.members.length);
  for (let s = 0; s < row.length; s++) {
    const set = states.members[s] ?? [];
    const first = set[0];
    const second = set[1];
    if (first === undefined) row[s] = none;
    else if (second === undefined || (strength[second] ?? 0) === 0) row[s] = alone[first] ?? none;
    else if ((strength[first] ?? 0) === 0) row[s] = alone[second] ?? none;
    else row[s] = logLikelihood(evidence, set);
  }
  return row;
}

/** Differences this small are rounding, not preference: the earlier set keeps the lead. */
const tie = 1e-9;

/** Exact, over all sets. `skip` leaves one finding out. */
export function toPosterior(
  states: States,
  logLikelihoods: readonly Float64Array[],
  skip: number = -1,
): Posterior {
  const score = Float64Array.from(states.logPrior);
  for (const [index, row] of logLikelihoods.entries()) {
    if (index === skip) continue;
    for (let s = 0; s < score.length; s++) score[s] = (score[s] ?? 0) + (row[s] ?? 0);
  }
  const leading = best(score, () => true);
  const highest = score[leading] ?? 0;
  const probability = new Float64Array(score.length);
  let total = 0;
  for (let s = 0; s < score.length; s++) {
    const weight = Math.exp((score[s] ?? 0) - highest);
    probability[s] = weight;
    total += weight;
  }
  for (let s = 0; s < score.length; s++) probability[s] = (probability[s] ?? 0) / total;
  const faults = states.members.at(-1)?.at(-1) ?? 0;
  const marginal = new Float64Array(faults + 1);
  for (const [s, set] of states.members.entries()) {
    for (const member of set) marginal[member] = (marginal[member] ?? 0) + (probability[s] ?? 0);
  }
  return { states, score, probability, leading, marginal };
}

/** Index of the highest score among the sets that `allow` admits; the earliest of equals. */
export function best(score: Float64Array, allow: (index: number) => boolean): number {
  let lead = -1;
  for (let s = 0; s < score.length; s++) {
    if (!allow(s)) continue;
    if (lead < 0 || (score[s] ?? 0) > (score[lead] ?? 0) + tie) lead = s;
  }
  return lead;
}
