import type { CheckShape } from "#core/diagnosis.ts";
import type { Plan } from "#core/plan.ts";
import { noise, otherSpread, strengths } from "./numbers.ts";

/**
 * What every fault says of one check. Faults are counted in path order, and the one nobody listed
 * comes last, at index `plan.hypotheses.length`.
 */
export interface Claims {
  readonly check: string;
  readonly shape: CheckShape;
  /** Per fault: how strongly it claims the check; 0 says nothing. */
  readonly strength: Float64Array;
  /** Per outcome, per fault: the share of the claim that falls on this outcome. */
  readonly share: readonly Float64Array[];
  /** Per outcome: how likely where no fault claims the check. */
  readonly base: Float64Array;
  readonly eta: number;
}

/**
 * Null where the check is no evidence: no hypothesis expects anything of it, and the plan gives the
 * fault nobody listed no weights for it either.
 */
export function toClaims(plan: Plan, check: string, shape: CheckShape): Claims | null {
  const faults = plan.hypotheses.length + 1;
  const strength = new Float64Array(faults);
  const share = shape.outcomes.map(() => new Float64Array(faults));
  let expected = false;
  for (const [index, hypothesis] of plan.hypotheses.entries()) {
    const effect = hypothesis.effects[check];
    if (effect === undefined || effect.outcomes.length === 0) continue;
    expected = true;
    const claim = strengths[effect.strength];
    strength[index] = claim;
    for (const outcome of effect.outcomes) {
      const row = share[shape.outcomes.indexOf(outcome)];
      if (row !== undefined) row[index] = claim / effect.outcomes.length;
    }
  }
  const weights = plan.other[check];
  if (!expected && (weights === undefined || Object.keys(weights).length === 0)) return null;
  claimForOther(shape, weights, strength, share);
  return { check, shape, strength, share, base: baseOf(shape), eta: noise[shape.noise].eta };
}

function claimForOther(
  shape: CheckShape,
  weights: Readonly<Record<string, number>> | undefined,
  strength: Float64Array,
  share: readonly Float64Array[],
): void {
  const other = strength.length - 1;
  const abnormal = shape.outcomes.length - 1;
  for (const [index, outcome] of shape.outcomes.entries()) {
    const spread = index === 0 ? 0 : otherSpread / abnormal;
    const weight = weights === undefined ? spread : (weights[outcome] ?? 0);
    const row = share[index];
    if (row !== undefined) row[other] = weight;
    strength[other] = (strength[other] ?? 0) + weight;
  }
}

function baseOf(shape: CheckShape): Float64Array {
  const { leak } = noise[shape.noise];
  const abnormal = shape.outcomes.length - 1;
  return Float64Array.from(shape.outcomes, (_, index) => {
    if (abnormal === 0) return 1;
    return index === 0 ? 1 - leak : leak / abnormal;
  });
}

/** P(outcome | this set of faults). The members are in path order: the first claim wins. */
export function likelihood(claims: Claims, outcome: number, members: readonly number[]): number {
  const shares = claims.share[outcome];
  let explained = 0;
  let remaining = 1;
  for (let m = 0; m < members.length; m++) {
    const member = members[m] ?? 0;
    explained += remaining * (shares?.[member] ?? 0);
    remaining *= 1 - (claims.strength[member] ?? 0);
  }
  explained += remaining * (claims.base[outcome] ?? 0);
  return (1 - claims.eta) * explained + claims.eta / claims.shape.outcomes.length;
}
