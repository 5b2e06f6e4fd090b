import { OTHER } from "#core/diagnosis.ts";
import type { Observed, RunVerdict, WeighInput } from "#core/diagnosis.ts";
import type { Sign } from "#core/plan.ts";
import { thresholds } from "./numbers.ts";
import { leadingFaults, type Posterior } from "./posterior.ts";

export interface Headline {
  readonly verdict: RunVerdict;
  readonly leading: readonly string[];
  /** One clause for people; null where the verdict is not inconclusive. */
  readonly inconclusiveBecause: string | null;
}

export const idOf = (input: WeighInput, fault: number): string =>
  input.plan.hypotheses[fault]?.id ?? OTHER;

/** What is said of the whole run. */
export function toHeadline(
  input: WeighInput,
  observed: readonly Observed[],
  posterior: Posterior,
): Headline {
  const leading = leadingFaults(posterior).map((fault) => idOf(input, fault));
  const seen = new Map(observed.map((one) => [one.check, one.outcome]));
  const inconclusive = (because: string): Headline => ({
    verdict: "inconclusive",
    leading,
    inconclusiveBecause: because,
  });
  const broken = brokenChain(input, seen);
  if (posterior.marginal.some((probability) => probability >= thresholds.likely)) {
    const explained = leading.some((id) => input.plan.chain?.explainedBy.includes(id));
    if (broken !== null && !explained) return inconclusive(broken);
    return { verdict: "fault", leading, inconclusiveBecause: null };
  }
  if (broken !== null) return inconclusive(broken);
  if ((posterior.probability[0] ?? 0) < thresholds.healthy) {
    return inconclusive(undecided(input, posterior));
  }
  const unmet = unmetNeeds(input, seen);
  if (unmet !== null) return inconclusive(`nothing is accused, but ${unmet}`);
  const verdict = input.symptomReported ? "not-reproduced" : "healthy";
  return { verdict, leading, inconclusiveBecause: null };
}

function brokenChain(input: WeighInput, seen: ReadonlyMap<string, string>): string | null {
  const { chain } = input.plan;
  const outcome = chain === null ? undefined : seen.get(chain.check);
  if (chain === null || outcome === undefined || outcome === chain.proven) return null;
  return (
    `the way from the customer's URL to the service is not the one in the catalogue ` +
    `(${chain.check} = ${outcome}), so what was seen may belong to another system`
  );
}

function unmetNeeds(input: WeighInput, seen: ReadonlyMap<string, string>): string | null {
  const { chain, healthyNeeds } = input.plan;
  const needs: readonly Sign[] =
    chain === null
      ? healthyNeeds
      : [...healthyNeeds, { check: chain.check, outcome: chain.proven }];
  for (const need of needs) {
    const outcome = seen.get(need.check);
    if (outcome === undefined) return `${need.check} did not run`;
    if (outcome !== need.outcome) return `${need.check} was ${outcome}, not ${need.outcome}`;
  }
  return null;
}

function undecided(input: WeighInput, posterior: Posterior): string {
  let likeliest = 0;
  for (const [fault, probability] of posterior.marginal.entries()) {
    if (probability > (posterior.marginal[likeliest] ?? 0)) likeliest = fault;
  }
  const percent = (probability: number | undefined): string =>
    `${Math.round((probability ?? 0) * 100)}%`;
  return (
    `no cause reaches ${percent(thresholds.likely)}: the likeliest is ` +
    `${idOf(input, likeliest)} (${percent(posterior.marginal[likeliest])}), ` +
    `that nothing is wrong ${percent(posterior.probability[0])}`
  );
}
