import type { Diagnosis, Observed, WeighInput } from "#core/diagnosis.ts";
import type { Plan, SymptomWord } from "#core/plan.ts";
import { checksOf } from "#core/plan.ts";
import { loadPlans, mergePlans } from "#config/plans.ts";
import { weigh } from "#diagnosis/weigh.ts";
import { vocabulary } from "./vocabulary.ts";

const directory = new URL("../../plans", import.meta.url).pathname;
const loaded = await loadPlans(directory);

export const shippedPlans: readonly Plan[] = loaded.plans;

export const planFor = (symptom: SymptomWord | null): Plan => mergePlans(shippedPlans, symptom);

/** What a run saw: outcomes that differ from normal; null for a check that did not run. */
export type Seen = Readonly<Record<string, string | null>>;

/** Asked only where something else was found: a page that is right is not followed. */
const askedOnlyThen = new Set(["docs/request"]);
/** From inside the container: switched off unless a scenario says otherwise. */
const isInside = (check: string): boolean => check.startsWith("container/");

export function toInput(plan: Plan, seen: Seen, symptomReported = false): WeighInput {
  const observed: Observed[] = [];
  const missing: string[] = [];
  for (const check of checksOf(plan)) {
    const asked = !askedOnlyThen.has(check) && !isInside(check);
    const normal = asked ? vocabulary[check]?.outcomes[0] : null;
    const outcome = check in seen ? seen[check] : normal;
    if (outcome === null || outcome === undefined) missing.push(check);
    else observed.push({ check, outcome, summary: `${check} was ${outcome}` });
  }
  return { plan, checks: vocabulary, observed, missing, symptomReported };
}

export function diagnose(seen: Seen, symptom: SymptomWord | null = "timeout"): Diagnosis {
  return weigh(toInput(planFor(symptom), seen, symptom !== null));
}

export const verdictOf = (diagnosis: Diagnosis, id: string): string | undefined =>
  diagnosis.hypotheses.find((hypothesis) => hypothesis.id === id)?.verdict;

/** What a caller from the internet sees where no target is registered. Nothing behind it can be asked. */
export const nothingBehindTheLoadBalancer: Seen = {
  "edge/reach": "gateway-503",
  "edge/addresses": "all-fail",
  "api/health": "failing",
  "api/each-request": "all-fail",
  "api/model-info": "failing",
  "api/model-health": "failing",
  "prediction/without-key": "server-error",
  "prediction/invalid-key": "server-error",
  "prediction/with-key": "unavailable-503",
  "prediction/other-model": null,
  "prediction/latency": null,
  "auth/layers": null,
  "client/request": "same-fails",
  "client/refusals": null,
  "routes/predict": null,
  "docs/page": null,
  "scope/other-models": "others-fail-too",
  "load-balancer/errors": "load-balancer-5xx",
  "metrics/latency": null,
  "logs/onset": "onset",
  // No task of the last hour that could say where it listens.
  "logs/listening": null,
};

/** An installation on the internet, without credentials for what lies inside. */
export const fromTheInternet: Seen = {
  "dns/internal-name": null,
  "dependencies/redis": null,
  "dependencies/database": null,
  "model/deployed": null,
  "model/registered": null,
  "client/key-format": null,
};
