import type { Observed, WeighInput } from "#core/diagnosis.ts";
import { checksOf } from "#core/plan.ts";
import { likelihood, toClaims } from "./claims.ts";
import type { Claims } from "./claims.ts";

/** One finding that at least one hypothesis has something to say about. */
export interface Evidence {
  readonly observed: Observed;
  readonly claims: Claims;
  /** Index of the outcome that was seen. */
  readonly outcome: number;
}

/** Of the findings, in their order, those that are evidence. */
export function toEvidence(input: WeighInput): readonly Evidence[] {
  return input.observed.flatMap((observed) => {
    const shape = input.checks[observed.check];
    const claims = shape === undefined ? null : toClaims(input.plan, observed.check, shape);
    const outcome = shape?.outcomes.indexOf(observed.outcome) ?? -1;
    return claims === null || outcome < 0 ? [] : [{ observed, claims, outcome }];
  });
}

/** The plan's checks, then the others among `also`, by id. */
export function inPlanOrder(input: WeighInput, also: readonly string[]): readonly string[] {
  const planned = checksOf(input.plan);
  const known = new Set(planned);
  return [...planned, ...also.filter((check) => !known.has(check)).toSorted()];
}

export const logLikelihood = (evidence: Evidence, members: readonly number[]): number =>
  Math.log(likelihood(evidence.claims, evidence.outcome, members));
