/** How long weighing takes. Run: node bench/diagnosis.bench.ts. Exits 1 where a median is over its limit. */
import type { CheckShape, WeighInput } from "#core/diagnosis.ts";
import type { Effect, Hypothesis, Plan } from "#core/plan.ts";
import { toEvidence } from "#diagnosis/evidence.ts";
import { toLogLikelihoods, toPosterior } from "#diagnosis/posterior.ts";
import { toStates } from "#diagnosis/states.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";

const outcomes = ["normal", "a", "b", "c", "d"];
const strengths = ["certain", "expected", "usual", "sometimes", "rare"] as const;

/** Every hypothesis claims about a third of the checks, as in the shipped plans. */
function synthetic(hypothesisCount: number, checkCount: number, seenShare: number): WeighInput {
  const checkIds = Array.from({ length: checkCount }, (_, c) => `area/check-${c}`);
  const shape: CheckShape = { outcomes, noise: "probe", cost: 1 };
  const hypotheses = Array.from({ length: hypothesisCount }, (_, h): Hypothesis => {
    const effects: Record<string, Effect> = {};
    for (const [c, check] of checkIds.entries()) {
      if ((c * 7 + h * 5) % 3 !== 0) continue;
      const strength = strengths[(c + h) % strengths.length] ?? "usual";
      effects[check] = { strength, outcomes: [outcomes[1 + ((c + h) % 4)] ?? "a"] };
    }
    return {
      id: `hypothesis-${h}`,
      claim: "A claim",
      prior: "medium",
      effects,
      confirmedBy: [{ check: checkIds[h % checkCount] ?? "", outcome: "a" }],
      fixCost: 10,
      next: ["A step"],
      side: "service",
    };
  });
  const plan: Plan = {
    id: "synthetic",
    title: "Synthetic",
    symptoms: [],
    priorities: [{ level: 1, title: "All", minutes: 1, checks: checkIds }],
    hypotheses,
    other: {},
    healthyNeeds: [],
    chain: null,
    questions: [],
    successCriteria: [],
  };
  const seen = checkIds.slice(0, Math.round(checkCount * seenShare));
  return {
    plan,
    checks: Object.fromEntries(checkIds.map((check) => [check, shape])),
    observed: seen.map((check, c) => ({
      check,
      outcome: outcomes[c % 11 === 0 ? 1 : 0] ?? "normal",
      summary: "",
    })),
    missing: checkIds.slice(seen.length),
    symptomReported: false,
  };
}

const posterior = (input: WeighInput): void => {
  const states = toStates(input.plan);
  toPosterior(states, toLogLikelihoods(states, toEvidence(input)));
};

function medianMs(run: () => void, rounds: number): number {
  for (let i = 0; i < rounds / 4; i++) run();
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const cases = [
  {
    name: "posterior, 24 hypotheses x 60 checks",
    limitMs: 2,
    rounds: 200,
    size: [24, 60, 1] as const,
    run: posterior,
  },
  {
    name: "posterior, 100 x 100",
    limitMs: 60,
    rounds: 20,
    size: [100, 100, 1] as const,
    run: posterior,
  },
  {
    name: "whole weigh, 24 x 60, all seen",
    limitMs: null,
    rounds: 100,
    size: [24, 60, 1] as const,
    run: weigh,
  },
  {
    name: "whole weigh, 24 x 60, half seen",
    limitMs: null,
    rounds: 100,
    size: [24, 60, 0.5] as const,
    run: weigh,
  },
  { name: "pivotal, 24 x 60", limitMs: null, rounds: 50, size: [24, 60, 1] as const, run: pivotal },
  {
    name: "whole weigh, 100 x 100, half seen",
    limitMs: null,
    rounds: 10,
    size: [100, 100, 0.5] as const,
    run: weigh,
  },
];

for (const { name, limitMs, rounds, size, run } of cases) {
  const input = synthetic(size[0], size[1], size[2]);
  const median = medianMs(() => void run(input), rounds);
  const over = limitMs !== null && median > limitMs;
  const limit = limitMs === null ? "" : `  limit ${limitMs} ms${over ? "  OVER" : ""}`;
  console.log(`${name.padEnd(40)} ${median.toFixed(2).padStart(8)} ms${limit}`);
  if (over) process.exitCode = 1;
}
