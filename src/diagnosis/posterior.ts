import type { Evidence } from "./evidence.ts";
import { logLikelihood } from "./evidence.ts";
import type { States } from "./states.ts";

export interface Posterior {
  readonly states: States;
  /** Per state: prior times likelihood, as a logarithm, not normalised. */
  readonly score: Float64Array;
  /** Per state. */
  readonly probability: Float64Array;
  /** Index of the likeliest state of the leading set of faults. */
  readonly leading: number;
  /** Per fault, over all states that hold it. */
  readonly marginal: Float64Array;
  /** Per mode, over all states that hold it. */
  readonly ofMode: Float64Array;
}

/** Per finding, per state. */
export const toLogLikelihoods = (
  states: States,
  evidence: readonly Evidence[],
): readonly Float64Array[] => evidence.map((one) => toRow(states, one));

/**
 * The same figures as `logLikelihood` for every state. A mode that does not claim the check changes
 * nothing, so most states share the figure of a smaller one: that is what makes 100 x 100 quick.
 */
function toRow(states: States, evidence: Evidence): Float64Array {
  const { strength } = evidence.claims;
  const none = logLikelihood(evidence, []);
  const alone = strength.map((claim, fault) =>
    claim > 0 ? logLikelihood(evidence, [fault]) : none,
  );
  const row = new Float64Array(states.members.length);
  const pair = [0, 0];
  for (let s = 0; s < row.length; s++) {
    const first = states.first[s] ?? -1;
    const second = states.second[s] ?? -1;
    if (first < 0) row[s] = none;
    else if (second < 0 || (strength[second] ?? 0) === 0) row[s] = alone[first] ?? none;
    else if ((strength[first] ?? 0) === 0) row[s] = alone[second] ?? none;
    else {
      pair[0] = first;
      pair[1] = second;
      row[s] = logLikelihood(evidence, pair);
    }
  }
  return row;
}

/** Differences this small are rounding, not preference: the earlier set keeps the lead. */
const tie = 1e-9;

/** Exact, over all states. */
export function toPosterior(states: States, logLikelihoods: readonly Float64Array[]): Posterior {
  const score = Float64Array.from(states.logPrior);
  for (const row of logLikelihoods) {
    for (let s = 0; s < score.length; s++) score[s] = (score[s] ?? 0) + (row[s] ?? 0);
  }
  return ofScore(states, score);
}

/** The same without one finding: what it added is taken back, which differs by rounding alone. */
export const without = ({ states, score }: Posterior, row: Float64Array): Posterior =>
  ofScore(
    states,
    score.map((sum, s) => sum - (row[s] ?? 0)),
  );

function ofScore(states: States, score: Float64Array): Posterior {
  const highest = score[best(score, () => true)] ?? 0;
  const probability = new Float64Array(score.length);
  let total = 0;
  for (let s = 0; s < score.length; s++) {
    const weight = Math.exp((score[s] ?? 0) - highest);
    probability[s] = weight;
    total += weight;
  }
  const { first, second, faultOf, faults, setOf } = states;
  const marginal = new Float64Array(faults);
  const ofMode = new Float64Array(faultOf.length);
  const ofSet = new Float64Array((setOf.at(-1) ?? 0) + 1);
  for (let s = 0; s < score.length; s++) {
    const share = (probability[s] ?? 0) / total;
    const set = setOf[s] ?? 0;
    probability[s] = share;
    ofSet[set] = (ofSet[set] ?? 0) + share;
    add(ofMode, first[s] ?? -1, share);
    add(ofMode, second[s] ?? -1, share);
  }
  for (const [mode, share] of ofMode.entries()) add(marginal, faultOf[mode] ?? -1, share);
  const leadingSet = best(ofSet.map(Math.log), () => true);
  const leading = best(score, (s) => setOf[s] === leadingSet);
  return { states, score, probability, leading, marginal, ofMode };
}

const add = (sums: Float64Array, index: number, share: number): void => {
  if (index >= 0) sums[index] = (sums[index] ?? 0) + share;
};

/** The faults of the leading set, in path order. */
export const leadingFaults = ({ states, leading }: Posterior): readonly number[] =>
  (states.members[leading] ?? []).map((mode) => states.faultOf[mode] ?? 0);

/** Index of the highest score (a logarithm) among those that `allow` admits; the earliest of equals. */
export function best(score: Float64Array, allow: (index: number) => boolean): number {
  let lead = -1;
  for (let s = 0; s < score.length; s++) {
    if (!allow(s)) continue;
    if (lead < 0 || (score[s] ?? 0) > (score[lead] ?? 0) + tie) lead = s;
  }
  return lead;
}
