import type { Diagnosis, WeighedHypothesis } from "#core/diagnosis.ts";
import type { Plan } from "#core/plan.ts";
import { thresholds } from "./numbers.ts";

/** The steps of every hypothesis that is at least possible, in the order of probability over cost. */
export function toNextSteps(
  plan: Plan,
  weighed: readonly WeighedHypothesis[],
): Diagnosis["nextSteps"] {
  const probability = new Map(weighed.map(({ id, probability }) => [id, probability]));
  return plan.hypotheses
    .map((hypothesis) => ({ hypothesis, p: probability.get(hypothesis.id) ?? 0 }))
    .filter(({ p }) => p >= thresholds.possible)
    .toSorted((a, b) => b.p / b.hypothesis.fixCost - a.p / a.hypothesis.fixCost)
    .flatMap(({ hypothesis }) =>
      hypothesis.next.map((step) => ({ hypothesis: hypothesis.id, step })),
    );
}
