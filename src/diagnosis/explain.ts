import type { CheckShape } from "#core/diagnosis.ts";
import type { Hypothesis, Plan, PriorWord, Strength } from "#core/plan.ts";
import { checksOf } from "#core/plan.ts";
import type { Claims } from "./claims.ts";
import { likelihood, toClaims } from "./claims.ts";
import { rounded } from "./numbers.ts";

/** What one outcome says of a hypothesis, against "nothing is wrong". */
export interface Speaks {
  readonly check: string;
  readonly outcome: string;
  readonly strength: Strength;
  /** Nats; positive speaks for it. */
  readonly weight: number;
}

export interface Rival {
  readonly id: string;
  /** Nats by which all checks of the plan together are expected to tell the two apart. */
  readonly apart: number;
  /** The check that tells most; null where none does. */
  readonly bestCheck: string | null;
}

export interface Explanation {
  readonly id: string;
  readonly claim: string;
  readonly prior: PriorWord;
  readonly confirmedBy: Hypothesis["confirmedBy"];
  /** Strongest first. */
  readonly speaksFor: readonly Speaks[];
  readonly speaksAgainst: readonly Speaks[];
  /** Checks it expects something of, which this plan does not run. */
  readonly notInPlan: readonly string[];
  /** Those it cannot be told from by what the plan runs, the most alike first. */
  readonly cannotTellFrom: readonly Rival[];
  /** The three nearest of the others. */
  readonly nearest: readonly Rival[];
}

/** Less than this and a full run leaves the two about as likely as before (odds of e to 1). */
const tellable = 1;
const negligible = 0.05;

/** Null where the plan has no hypothesis of this id. */
export function explain(
  plan: Plan,
  id: string,
  checks: Readonly<Record<string, CheckShape>>,
): Explanation | null {
  const index = plan.hypotheses.findIndex((hypothesis) => hypothesis.id === id);
  const hypothesis = plan.hypotheses[index];
  if (hypothesis === undefined) return null;
  const planned = checksOf(plan);
  const claims = planned.flatMap((check) => {
    const shape = checks[check];
    return shape === undefined ? [] : (toClaims(plan, check, shape) ?? []);
  });
  const speaks = claims.flatMap((one) => speaksOf(one, hypothesis, index));
  const rivals = plan.hypotheses
    .flatMap((other, j) => (j === index ? [] : [toRival(claims, index, j, other.id)]))
    .toSorted((a, b) => a.apart - b.apart);
  const byWeight = (a: Speaks, b: Speaks): number => Math.abs(b.weight) - Math.abs(a.weight);
  return {
    id,
    claim: hypothesis.claim,
    prior: hypothesis.prior,
    confirmedBy: hypothesis.confirmedBy,
    speaksFor: speaks.filter(({ weight }) => weight > 0).toSorted(byWeight),
    speaksAgainst: speaks.filter(({ weight }) => weight < 0).toSorted(byWeight),
    notInPlan: Object.keys(hypothesis.effects).filter((check) => !planned.includes(check)),
    cannotTellFrom: rivals.filter(({ apart }) => apart < tellable),
    nearest: rivals.filter(({ apart }) => apart >= tellable).slice(0, 3),
  };
}

function speaksOf(claims: Claims, hypothesis: Hypothesis, index: number): readonly Speaks[] {
  const effect = hypothesis.effects[claims.check];
  if (effect === undefined) return [];
  return claims.shape.outcomes.flatMap((outcome, o) => {
    const weight = Math.log(likelihood(claims, o, [index]) / likelihood(claims, o, []));
    // An abnormal outcome it does not list is improbable either way: only the normal one argues against it.
    const told = effect.outcomes.includes(outcome) || o === 0;
    if (!told || Math.abs(weight) < negligible) return [];
    return [
      { check: claims.check, outcome, strength: effect.strength, weight: rounded(weight, 2) },
    ];
  });
}

/** Expected log likelihood ratio of one fault against the other, if the first is the truth. */
function toRival(claims: readonly Claims[], truth: number, rival: number, id: string): Rival {
  let apart = 0;
  let bestCheck: string | null = null;
  let most = negligible;
  for (const one of claims) {
    let here = 0;
    for (let outcome = 0; outcome < one.shape.outcomes.length; outcome++) {
      const p = likelihood(one, outcome, [truth]);
      here += p * Math.log(p / likelihood(one, outcome, [rival]));
    }
    apart += here;
    if (here > most) {
      most = here;
      bestCheck = one.check;
    }
  }
  return { id, apart: rounded(apart, 2), bestCheck };
}
