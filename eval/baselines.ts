/** Two simpler ways of naming the cause, on the same evidence: what the diagnosis has to beat. */
import { OTHER, type Observed, type WeighInput } from "#core/diagnosis.ts";
import { faultModes, likelihood, toClaims } from "#diagnosis/claims.ts";
import { priors } from "#diagnosis/numbers.ts";
import type { Said } from "#evaluation/score.ts";

type Answer = Pick<Said, "verdict" | "leading" | "hypotheses" | "probabilityHealthy">;

const toAnswer = (weights: readonly { id: string; probability: number }[]): Answer => {
  const sorted = weights.toSorted((a, b) => b.probability - a.probability);
  const leading = sorted.filter(({ probability }) => probability >= 0.6).map(({ id }) => id);
  return {
    verdict: leading.length > 0 ? "fault" : "healthy",
    leading,
    hypotheses: sorted.map((row) => ({ ...row, verdict: "possible" as const })),
    probabilityHealthy: sorted.reduce((product, { probability }) => product * (1 - probability), 1),
  };
};

/** Each hypothesis by itself, in its best mode, against "nothing": log-odds added up (certainty factors). */
export function addingUpPoints(input: WeighInput): Answer {
  const modes = faultModes(input.plan);
  const pointsOf = (mode: number): number => {
    let points = 0;
    for (const { check, outcome } of input.observed) {
      const shape = input.checks[check];
      const claims = shape === undefined ? null : toClaims(input.plan, check, shape);
      const seen = shape?.outcomes.indexOf(outcome) ?? -1;
      if (claims === null || seen < 0) continue;
      points += Math.log(likelihood(claims, seen, [mode]) / likelihood(claims, seen, []));
    }
    return points;
  };
  const rows = input.plan.hypotheses.map((hypothesis, index) => {
    const prior = priors[hypothesis.prior];
    const most = Math.max(
      ...[...modes.keys()].filter((mode) => modes[mode]?.fault === index).map(pointsOf),
    );
    const logOdds = Math.log(prior / (1 - prior)) + most;
    return { id: hypothesis.id, probability: 1 / (1 + Math.exp(-logOdds)) };
  });
  return toAnswer([...rows, { id: OTHER, probability: 0 }]);
}

/** The first hypothesis in path order of which a confirming sign was seen. */
export function firstDirectSign(input: WeighInput): Answer {
  const seen = new Map(input.observed.map((one: Observed) => [one.check, one.outcome]));
  const first = input.plan.hypotheses.find(({ confirmedBy }) =>
    confirmedBy.some(({ check, outcome }) => seen.get(check) === outcome),
  );
  return toAnswer(
    [...input.plan.hypotheses.map(({ id }) => id), OTHER].map((id) => ({
      id,
      probability: id === first?.id ? 1 : 0,
    })),
  );
}
