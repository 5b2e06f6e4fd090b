import type { CheckShape } from "#core/diagnosis.ts";
import { modesOf, type Mode, type Plan } from "#core/plan.ts";
import { noise, noiseTwice, otherSpread, priors, strengths } from "./numbers.ts";

/** A mode of a hypothesis, which is what is claimed with; the fault nobody listed has one as well. */
export interface FaultMode {
  /** Index of the hypothesis in path order; `plan.hypotheses.length` for the fault nobody listed. */
  readonly fault: number;
  /** Null for the fault nobody listed. */
  readonly mode: Mode | null;
  /** How likely it is where the fault is present; 1 over the modes of a fault. */
  readonly share: number;
}

/** In path order, the modes of one hypothesis side by side; the fault nobody listed comes last. */
export const faultModes = (plan: Plan): readonly FaultMode[] => [
  ...plan.hypotheses.flatMap((hypothesis, fault) => {
    const modes = modesOf(hypothesis);
    const total = modes.reduce((sum, { prior }) => sum + priors[prior], 0);
    return modes.map((mode) => ({ fault, mode, share: priors[mode.prior] / total }));
  }),
  { fault: plan.hypotheses.length, mode: null, share: 1 },
];

/** What every fault says of one check, in each of its modes: counted as in `faultModes`. */
export interface Claims {
  readonly check: string;
  readonly shape: CheckShape;
  /** Per mode: how strongly it claims the check; 0 says nothing. */
  readonly strength: Float64Array;
  /** Per outcome, per mode: the share of the claim that falls on this outcome. */
  readonly share: readonly Float64Array[];
  /** Per outcome: how likely where no fault claims the check. */
  readonly base: Float64Array;
  readonly eta: number;
}

/**
 * Null where the check is no evidence: no hypothesis expects anything of it, and the plan gives the
 * fault nobody listed no weights for it either.
 */
export function toClaims(
  plan: Plan,
  check: string,
  shape: CheckShape,
  /** Whether it was seen twice, and alike. */
  again: boolean = false,
): Claims | null {
  const ofPlan = known.get(plan) ?? new WeakMap<CheckShape, Map<string, Claims | null>>();
  known.set(plan, ofPlan);
  const ofShape = ofPlan.get(shape) ?? new Map<string, Claims | null>();
  ofPlan.set(shape, ofShape);
  const key = `${check} ${again}`;
  const claims = ofShape.get(key);
  if (claims !== undefined) return claims;
  const made = claimsOf(plan, check, shape, again);
  ofShape.set(key, made);
  return made;
}

/** Neither a plan nor a check changes, and a run asks for the same claims dozens of times. */
const known = new WeakMap<Plan, WeakMap<CheckShape, Map<string, Claims | null>>>();

function claimsOf(plan: Plan, check: string, shape: CheckShape, again: boolean): Claims | null {
  const modes = faultModes(plan);
  const strength = new Float64Array(modes.length);
  const share = shape.outcomes.map(() => new Float64Array(modes.length));
  let expected = false;
  for (const [index, { mode }] of modes.entries()) {
    const effect = mode?.effects[check];
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
  const { leak, eta } = (again ? noiseTwice : noise)[shape.noise];
  return { check, shape, strength, share, base: baseOf(shape, leak), eta };
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

function baseOf(shape: CheckShape, leak: number): Float64Array {
  const abnormal = shape.outcomes.length - 1;
  return Float64Array.from(shape.outcomes, (_, index) => {
    if (abnormal === 0) return 1;
    return index === 0 ? 1 - leak : leak / abnormal;
  });
}

/** P(outcome | these faults, each in one mode). The members are in path order: the first claim wins. */
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
