import type { Diagnosis, Pivotal, Weigh, WeighInput } from "#core/diagnosis.ts";
import { inPlanOrder, toEvidence } from "./evidence.ts";
import { toHypotheses } from "./hypothesis-verdict.ts";
import { toNextChecks } from "./next-checks.ts";
import { toNextSteps } from "./next-steps.ts";
import { rounded } from "./numbers.ts";
import { toLogLikelihoods, toPosterior } from "./posterior.ts";
import { toWhy } from "./reasons.ts";
import { toHeadline } from "./run-verdict.ts";
import { toStates } from "./states.ts";

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
 * The checks without which another verdict would be said of the run, or other faults would lead;
 * in plan order.
 */
export const pivotal: Pivotal = (given: WeighInput): readonly string[] => {
  const input = knownOnly(given);
  const states = toStates(input.plan);
  const evidence = toEvidence(input);
  const logLikelihoods = toLogLikelihoods(states, evidence);
  const whole = toPosterior(states, logLikelihoods);
  const said = toHeadline(input, input.observed, whole);
  const row = new Map(evidence.map((one, index) => [one.observed.check, index]));
  return input.observed.flatMap(({ check }) => {
    const rest = input.observed.filter((one) => one.check !== check);
    const skip = row.get(check);
    const posterior = skip === undefined ? whole : toPosterior(states, logLikelihoods, skip);
    const without = toHeadline(input, rest, posterior);
    const same =
      without.verdict === said.verdict && without.leading.join(" ") === said.leading.join(" ");
    return same ? [] : [check];
  });
};

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
