import type { Observed, WeighInput } from "#core/diagnosis.ts";
import { anyOutcome, checksOf, type Echo } from "#core/plan.ts";
import { likelihood, toClaims } from "./claims.ts";
import type { Claims } from "./claims.ts";

/** One finding that at least one hypothesis has something to say about. */
export interface Evidence {
  readonly observed: Observed;
  readonly claims: Claims;
  /** Index of the outcome that was seen. */
  readonly outcome: number;
}

/**
 * Of the findings, in their order, those that are evidence. What another finding only repeats is none of its
 * own, and makes that one a thing that was seen twice.
 */
export function toEvidence(input: WeighInput): readonly Evidence[] {
  const seen = new Map(input.observed.map(({ check, outcome }) => [check, outcome]));
  const told = input.observed.flatMap((observed) => {
    const outcome = input.checks[observed.check]?.outcomes.indexOf(observed.outcome) ?? -1;
    return outcome < 0 ? [] : [{ observed, outcome }];
  });
  const repeated = new Set<string>();
  const own = told.filter(({ observed, outcome }) => {
    const source = (input.plan.echoes ?? []).find((echo) =>
      isEcho(echo, observed, outcome === 0, seen),
    );
    if (source !== undefined) repeated.add(source.of);
    return source === undefined;
  });
  return own.flatMap(({ observed, outcome }) => {
    const shape = input.checks[observed.check];
    const again = observed.again === true || repeated.has(observed.check);
    const claims = shape === undefined ? null : toClaims(input.plan, observed.check, shape, again);
    return claims === null ? [] : [{ observed, claims, outcome }];
  });
}

/** Whether a finding only repeats what another one says: one fault would count twice. */
function isEcho(
  { of, unless, signs }: Echo,
  { check, outcome }: Observed,
  normal: boolean,
  seen: ReadonlyMap<string, string>,
): boolean {
  const told = seen.get(of);
  if (told === undefined || unless.includes(told) || check === of) return false;
  return signs.some(
    (sign) =>
      sign.check === check &&
      (sign.outcome === outcome || (sign.outcome === anyOutcome && !normal)),
  );
}

/** The plan's checks, then the others among `also`, by id. */
export function inPlanOrder(input: WeighInput, also: readonly string[]): readonly string[] {
  const planned = checksOf(input.plan);
  const known = new Set(planned);
  return [...planned, ...also.filter((check) => !known.has(check)).toSorted()];
}

export const logLikelihood = (evidence: Evidence, members: readonly number[]): number =>
  Math.log(likelihood(evidence.claims, evidence.outcome, members));
