import type { Diagnosis, Observed, Pivotal, Weigh, WeighInput } from "#core/diagnosis.ts";
import type { Hypothesis, Plan } from "#core/plan.ts";
import { inPlanOrder, toEvidence, type Evidence } from "./evidence.ts";
import { toHypotheses } from "./hypothesis-verdict.ts";
import { toNextChecks } from "./next-checks.ts";
import { toNextSteps } from "./next-steps.ts";
import { rounded, thresholds } from "./numbers.ts";
import { toLogLikelihoods, toPosterior, without, type Posterior } from "./posterior.ts";
import { toGrounds, toWhy } from "./reasons.ts";
import { toHeadline } from "./run-verdict.ts";
import { toStates, type States } from "./states.ts";

/** Exact posterior over all sets of at most two faults; the model is in docs/diagnosis.md. */
export const weigh: Weigh = (given: WeighInput): Diagnosis => {
  const input = knownOnly(given);
  const states = toStates(input.plan);
  const evidence = toEvidence(input);
  const posterior = toPosterior(states, toLogLikelihoods(states, evidence));
  const headline = toHeadline(input, input.observed, posterior);
  const hypotheses = toHypotheses(input, evidence, posterior);
  return {
    verdict: headline.verdict,
    leading: headline.leading,
    inconclusiveBecause: headline.inconclusiveBecause,
    probabilityHealthy: rounded(posterior.probability[0] ?? 0, 9),
    hypotheses,
    why: toWhy(evidence, posterior),
    nextChecks: toNextChecks(input, posterior),
    nextSteps: toNextSteps(input.plan, hypotheses),
  };
};

/**
 * What has to be read again before the verdict is said: once, or twice where an accusation hangs on it alone.
 * First what an accusation, or a doubt, rests on, strongest first: where several flukes agree, none of them is
 * missed. Then what would confirm another fault. Last, in plan order, the checks without which another verdict
 * would be said of the run, other faults would lead, or nothing would be the matter any more.
 */
export const pivotal: Pivotal = (given: WeighInput): readonly string[] => {
  const input = knownOnly(given);
  const states = toStates(input.plan);
  const evidence = toEvidence(input);
  const logLikelihoods = toLogLikelihoods(states, evidence);
  const whole = toPosterior(states, logLikelihoods);
  const said = toHeadline(input, input.observed, whole);
  // Without these, what only repeated them speaks for itself again.
  const deciders = new Set(input.plan.echoes?.map(({ of }) => of));
  const grounds = isClear(whole) ? [] : toGrounds(evidence, whole).map(({ check }) => check);
  const row = new Map(
    evidence.map((one, index) => [one.observed.check, logLikelihoods[index]] as const),
  );
  const lone = new Set<string>();
  const decisive = input.observed.flatMap(({ check }) => {
    const rest = input.observed.filter((one) => one.check !== check);
    const skip = row.get(check);
    const posterior = deciders.has(check)
      ? posteriorOf(states, { ...input, observed: rest })
      : skip === undefined
        ? whole
        : without(whole, skip);
    const then = toHeadline(input, rest, posterior);
    if (said.verdict === "fault" && then.verdict !== "fault") lone.add(check);
    const same =
      then.verdict === said.verdict &&
      then.leading.join(" ") === said.leading.join(" ") &&
      isClear(posterior) === isClear(whole);
    return same ? [] : [check];
  });
  const twice = new Set(input.observed.flatMap((one) => (one.again === true ? [one.check] : [])));
  return [
    ...new Set([...grounds, ...unexplained(input.plan, evidence, said.leading), ...decisive]),
  ].filter((check) => !twice.has(check) || lone.has(check));
};

/**
 * Signs that would confirm a fault which nobody accuses: a fluke, or a second fault that one reading is too
 * little for.
 */
function unexplained(
  plan: Plan,
  evidence: readonly Evidence[],
  leading: readonly string[],
): readonly string[] {
  const confirming = (seen: Observed): readonly Hypothesis[] =>
    plan.hypotheses.filter(({ confirmedBy }) =>
      confirmedBy.some((sign) => sign.check === seen.check && sign.outcome === seen.outcome),
    );
  return evidence.flatMap(({ observed }) => {
    const faults = confirming(observed);
    const isOpen = faults.length > 0 && !faults.some(({ id }) => leading.includes(id));
    return isOpen ? [observed.check] : [];
  });
}

/** Nothing is the matter: what stands against it in an inconclusive run is worth a second look. */
const isClear = ({ probability }: Posterior): boolean =>
  (probability[0] ?? 0) >= thresholds.healthy;

const posteriorOf = (states: States, input: WeighInput): Posterior =>
  toPosterior(states, toLogLikelihoods(states, toEvidence(input)));

/**
 * In the plan's order, whatever order the findings came in; the newest of a check. A check that
 * nobody knows, and an outcome that it cannot give, count as not seen.
 */
function knownOnly(input: WeighInput): WeighInput {
  const seen = new Map(
    input.observed
      .filter(({ check, outcome }) => input.checks[check]?.outcomes.includes(outcome) === true)
      .map((observed) => [observed.check, observed]),
  );
  const order = inPlanOrder(input, [...seen.keys()]);
  return { ...input, observed: order.flatMap((check) => seen.get(check) ?? []) };
}
