import type { CheckShape } from "#core/diagnosis.ts";
import type { Hypothesis, Plan, PriorWord, Strength } from "#core/plan.ts";
import { checksOf, modesOf } from "#core/plan.ts";
import type { Claims } from "./claims.ts";
import { faultModes, likelihood, toClaims } from "./claims.ts";
import { rounded } from "./numbers.ts";

/** What one outcome says of a hypothesis, against "nothing is wrong". */
export interface Speaks {
  readonly check: string;
  readonly outcome: string;
  readonly strength: Strength;
  /** The mode in which it does; null where all modes say the same. */
  readonly mode: string | null;
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
  const modes = faultModes(plan);
  const own = [...modes.keys()].filter((mode) => modes[mode]?.fault === index);
  const speaks = claims.flatMap((one) => speaksOf(one, hypothesis, own));
  const rivals = plan.hypotheses
    .flatMap((other, j) => {
      const theirs = [...modes.keys()].filter((mode) => modes[mode]?.fault === j);
      return j === index ? [] : [toRival(claims, own, theirs, other.id)];
    })
    .toSorted((a, b) => a.apart - b.apart);
  const byWeight = (a: Speaks, b: Speaks): number => Math.abs(b.weight) - Math.abs(a.weight);
  return {
    id,
    claim: hypothesis.claim,
    prior: hypothesis.prior,
    confirmedBy: hypothesis.confirmedBy,
    speaksFor: speaks.filter(({ weight }) => weight > 0).toSorted(byWeight),
    speaksAgainst: speaks.filter(({ weight }) => weight < 0).toSorted(byWeight),
    notInPlan: [
      ...new Set(modesOf(hypothesis).flatMap(({ effects }) => Object.keys(effects))),
    ].filter((check) => !planned.includes(check)),
    cannotTellFrom: rivals.filter(({ apart }) => apart < tellable),
    nearest: rivals.filter(({ apart }) => apart >= tellable).slice(0, 3),
  };
}

/** `own` are the indices of its modes. */
function speaksOf(
  claims: Claims,
  hypothesis: Hypothesis,
  own: readonly number[],
): readonly Speaks[] {
  const all = modesOf(hypothesis);
  const shared = hypothesis.effects[claims.check];
  return all.flatMap(({ id, effects }, m) => {
    const effect = effects[claims.check];
    if (effect === undefined) return [];
    const alike = all.every((mode) => mode.effects[claims.check] === shared);
    if (alike && m > 0) return [];
    return claims.shape.outcomes.flatMap((outcome, o) => {
      const column = own[m] ?? 0;
      const weight = Math.log(likelihood(claims, o, [column]) / likelihood(claims, o, []));
      // An abnormal outcome it does not list is improbable either way: only the normal one argues against it.
      const told = effect.outcomes.includes(outcome) || o === 0;
      if (!told || Math.abs(weight) < negligible) return [];
      const { strength } = effect;
      const mode = alike ? null : id;
      return [{ check: claims.check, outcome, strength, mode, weight: rounded(weight, 2) }];
    });
  });
}

/**
 * Expected log likelihood ratio of one fault against the other, if the first is the truth: of the first
 * one's modes together, each against the mode of the other that is most like it.
 */
function toRival(
  claims: readonly Claims[],
  truth: readonly number[],
  rival: readonly number[],
  id: string,
): Rival {
  const nearestOf = truth.map((mode) =>
    rival
      .map((other) => claims.map((one) => divergence(one, mode, other)))
      .reduce((a, b) => (sum(b) < sum(a) ? b : a)),
  );
  const byCheck = claims.map(
    (_, c) => nearestOf.reduce((all, row) => all + (row[c] ?? 0), 0) / truth.length,
  );
  const most = Math.max(negligible, ...byCheck);
  const bestCheck = most > negligible ? claims[byCheck.indexOf(most)]?.check : null;
  return { id, apart: rounded(sum(byCheck), 2), bestCheck: bestCheck ?? null };
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

function divergence(one: Claims, truth: number, rival: number): number {
  let here = 0;
  for (let outcome = 0; outcome < one.shape.outcomes.length; outcome++) {
    const p = likelihood(one, outcome, [truth]);
    here += p * Math.log(p / likelihood(one, outcome, [rival]));
  }
  return here;
}
