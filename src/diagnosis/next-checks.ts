import type { CheckShape, Diagnosis, WeighInput } from "#core/diagnosis.ts";
import type { Claims } from "./claims.ts";
import { likelihood, toClaims } from "./claims.ts";
import { inPlanOrder } from "./evidence.ts";
import { rounded } from "./numbers.ts";
import type { Posterior } from "./posterior.ts";

const shownChecks = 5;

/** Expected drop of entropy (nats) over cost, for what has not run; best first, ties in plan order. */
export function toNextChecks(input: WeighInput, posterior: Posterior): Diagnosis["nextChecks"] {
  const seen = new Set(input.observed.map((observed) => observed.check));
  const open = inPlanOrder(input, input.missing).filter((check) => !seen.has(check));
  return [...new Set(open)]
    .map((check) => ({ check, gain: rounded(gainOf(input, check, posterior), 6) }))
    .filter((candidate) => candidate.gain > 0)
    .toSorted((a, b) => b.gain - a.gain)
    .slice(0, shownChecks);
}

function gainOf(input: WeighInput, check: string, posterior: Posterior): number {
  const shape: CheckShape | undefined = input.checks[check];
  const claims = shape === undefined ? null : toClaims(input.plan, check, shape);
  if (shape === undefined || claims === null) return 0;
  return expectedDrop(claims, posterior) / Math.max(shape.cost, Number.EPSILON);
}

/**
 * The mutual information of the check's outcome and the set of faults. Sets that differ only in
 * faults that do not claim the check expect the same of it, so they are counted together.
 */
function expectedDrop(claims: Claims, posterior: Posterior): number {
  const alike = new Map<number, { members: number[]; mass: number }>();
  const width = claims.strength.length + 1;
  for (const [s, set] of posterior.states.members.entries()) {
    const mass = posterior.probability[s] ?? 0;
    let key = 0;
    for (const member of set) {
      if ((claims.strength[member] ?? 0) > 0) key = key * width + member + 1;
    }
    const group = alike.get(key);
    if (group !== undefined) group.mass += mass;
    else alike.set(key, { members: set.filter((m) => (claims.strength[m] ?? 0) > 0), mass });
  }
  const mixture = new Float64Array(claims.shape.outcomes.length);
  let informed = 0;
  for (const { members, mass } of alike.values()) {
    if (mass === 0) continue;
    for (let outcome = 0; outcome < mixture.length; outcome++) {
      const p = likelihood(claims, outcome, members);
      mixture[outcome] = (mixture[outcome] ?? 0) + mass * p;
      informed += mass * p * Math.log(p);
    }
  }
  let uninformed = 0;
  for (const p of mixture) uninformed += p * Math.log(p);
  return Math.max(0, informed - uninformed);
}
