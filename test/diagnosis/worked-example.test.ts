import { describe, expect, it } from "vitest";
import type { WeighInput } from "#core/diagnosis.ts";
import type { Hypothesis } from "#core/plan.ts";
import { weigh } from "#diagnosis/weigh.ts";

const hypothesis = (
  id: string,
  rest: Pick<Hypothesis, "prior" | "effects" | "confirmedBy">,
): Hypothesis => ({
  id,
  claim: id,
  fixCost: 10,
  next: ["Mend it"],
  side: "service",
  ...rest,
});

/** The example that docs/diagnosis.md works by hand. */
const input: WeighInput = {
  plan: {
    id: "example",
    title: "Example",
    symptoms: [],
    priorities: [
      { level: 1, title: "All", minutes: 1, checks: ["prediction/with-key", "logs/auth"] },
    ],
    hypotheses: [
      hypothesis("auth-unreachable", {
        prior: "medium",
        effects: {
          "prediction/with-key": { strength: "usual", outcomes: ["timeout"] },
          "logs/auth": { strength: "expected", outcomes: ["timeouts"] },
        },
        confirmedBy: [{ check: "logs/auth", outcome: "timeouts" }],
      }),
      hypothesis("slow-cold-load", {
        prior: "low",
        effects: { "prediction/with-key": { strength: "sometimes", outcomes: ["timeout"] } },
        confirmedBy: [{ check: "prediction/latency", outcome: "slow" }],
      }),
    ],
    other: {},
    healthyNeeds: [],
    chain: null,
    questions: [],
    successCriteria: [],
  },
  checks: {
    "prediction/with-key": {
      outcomes: ["answered", "server-error", "timeout"],
      noise: "probe",
      cost: 1,
    },
    "logs/auth": { outcomes: ["none", "timeouts"], noise: "log", cost: 1 },
  },
  observed: [
    { check: "prediction/with-key", outcome: "timeout", summary: "no answer in 10 s" },
    { check: "logs/auth", outcome: "timeouts", summary: "214 lines" },
  ],
  missing: [],
  symptomReported: false,
};

describe("the example worked by hand in docs/diagnosis.md", () => {
  const diagnosis = weigh(input);
  const row = (id: string) => diagnosis.hypotheses.find((one) => one.id === id);

  it("has the posteriors of the table", () => {
    expect(diagnosis.probabilityHealthy).toBeCloseTo(0.0214, 4);
    expect(row("auth-unreachable")?.probability).toBeCloseTo(0.9582, 4);
    expect(row("slow-cold-load")?.probability).toBeCloseTo(0.0354, 4);
    expect(row("other")?.probability).toBeCloseTo(0.0534, 4);
  });

  it("has the weights and words of the text", () => {
    expect(row("auth-unreachable")?.verdict).toBe("confirmed");
    expect(
      row("auth-unreachable")?.because.map(({ check, weight }) => [check, weight.toFixed(2)]),
    ).toEqual([
      ["prediction/with-key", "4.16"],
      ["logs/auth", "2.32"],
    ]);
    expect(row("slow-cold-load")).toMatchObject({
      verdict: "untested",
      maskedBy: ["auth-unreachable"],
    });
    expect(row("slow-cold-load")?.because.map(({ weight }) => weight.toFixed(2))).toEqual(["0.09"]);
    expect(diagnosis.verdict).toBe("fault");
  });
});
