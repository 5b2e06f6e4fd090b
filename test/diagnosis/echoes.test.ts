import { describe, expect, it } from "vitest";
import type { CheckShape, WeighInput } from "#core/diagnosis.ts";
import type { Echo, Plan } from "#core/plan.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";

const outcomes = ["fine", "bad", "worse"];
const shape: CheckShape = { outcomes, noise: "probe", cost: 1 };
const checks = { "a/first": shape, "a/repeats": shape, "a/other": shape };
const expecting = (...ids: string[]) =>
  Object.fromEntries(ids.map((id) => [id, { strength: "usual" as const, outcomes: ["bad"] }]));

const plan = (echoes?: readonly Echo[]): Plan => ({
  id: "p",
  title: "p",
  symptoms: [],
  priorities: [{ level: 1, title: "all", minutes: 1, checks: Object.keys(checks) }],
  hypotheses: [
    {
      id: "down",
      claim: "down",
      prior: "low",
      effects: expecting("a/first", "a/repeats"),
      confirmedBy: [{ check: "a/first", outcome: "bad" }],
      fixCost: 1,
      next: ["mend it"],
      side: "service",
    },
  ],
  other: {},
  ...(echoes === undefined ? {} : { echoes }),
  healthyNeeds: [],
  chain: null,
  questions: [],
  successCriteria: [],
});
const input = (
  seen: Readonly<Record<string, string>>,
  echoes?: readonly Echo[],
  twice: readonly string[] = [],
): WeighInput => ({
  plan: plan(echoes),
  checks,
  observed: Object.entries(seen).map(([check, outcome]) => ({
    check,
    outcome,
    summary: "",
    again: twice.includes(check),
  })),
  missing: [],
  symptomReported: false,
});
const probability = (
  seen: Readonly<Record<string, string>>,
  echoes?: readonly Echo[],
  twice?: readonly string[],
) =>
  weigh(input(seen, echoes, twice)).hypotheses.find(({ id }) => id === "down")?.probability ?? -1;

const echo: Echo = {
  of: "a/first",
  unless: ["fine"],
  signs: [{ check: "a/repeats", outcome: "*" }],
};

describe("a sign that only repeats another", () => {
  it("is no evidence of its own, but makes the other one a thing that was seen twice", () => {
    const once = probability({ "a/first": "bad" });
    const twice = probability({ "a/first": "bad" }, undefined, ["a/first"]);
    const both = { "a/first": "bad", "a/repeats": "bad" };
    expect(probability(both, [echo])).toBe(twice);
    expect(twice).toBeGreaterThan(once);
    // A second sign of its own would tell more than a second look at the first.
    expect(probability(both)).toBeGreaterThan(once);
  });

  it.each([
    ["where it says that all is well", { "a/first": "bad", "a/repeats": "fine" }],
    ["where what it would repeat was not seen", { "a/repeats": "bad" }],
    ["where what it would repeat is fine", { "a/first": "fine", "a/repeats": "bad" }],
  ])("counts %s", (_, seen) => {
    expect(probability(seen, [echo])).toBe(probability(seen));
  });

  it("repeats the outcomes that are named, and no other", () => {
    const named = { ...echo, signs: [{ check: "a/repeats", outcome: "worse" }] };
    const bad = { "a/first": "bad", "a/repeats": "bad" };
    expect(probability(bad, [named])).toBe(probability(bad));
    const worse = { "a/first": "bad", "a/repeats": "worse" };
    expect(probability(worse, [named])).toBe(
      probability({ "a/first": "bad" }, undefined, ["a/first"]),
    );
  });

  it("is still shown as seen to whoever asks what confirms a fault", () => {
    const confirming = plan([echo]);
    const [down] = confirming.hypotheses;
    if (down === undefined) throw new Error("no hypothesis");
    const byEcho = {
      ...input({ "a/first": "bad", "a/repeats": "bad", "a/other": "fine" }, [echo]),
      plan: {
        ...confirming,
        hypotheses: [
          {
            ...down,
            prior: "high" as const,
            confirmedBy: [{ check: "a/repeats", outcome: "bad" }],
          },
        ],
      },
    };
    expect(weigh(byEcho).hypotheses[0]).toMatchObject({ id: "down", verdict: "confirmed" });
  });

  it("is not read again itself: what it repeats is", () => {
    const both = { "a/first": "bad", "a/repeats": "bad" };
    expect(pivotal(input(both, [echo]))).toEqual(["a/first"]);
    expect(pivotal(input(both))).toEqual(["a/first", "a/repeats"]);
  });
});
