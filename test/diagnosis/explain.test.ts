import { describe, expect, it } from "vitest";
import type { Plan } from "#core/plan.ts";
import { explain } from "#diagnosis/explain.ts";
import { toExplanationText } from "#diagnosis/explain-text.ts";
import { planFor, shippedPlans } from "./scenario.ts";
import { vocabulary } from "./vocabulary.ts";

const merged = planFor(null);

describe("explain", () => {
  it("is null for a hypothesis that the plan does not have", () => {
    expect(explain(merged, "gremlins", vocabulary)).toBeNull();
  });

  it("names what speaks for and against, strongest first", () => {
    const told = explain(merged, "security-group-blocking", vocabulary);
    expect(told?.speaksFor.map(({ check, outcome }) => `${check} = ${outcome}`)).toContain(
      "network/inbound = blocked-by-group",
    );
    expect(told?.speaksAgainst[0]).toMatchObject({
      check: "network/inbound",
      outcome: "allowed",
      strength: "certain",
    });
    const weights = told?.speaksFor.map(({ weight }) => weight) ?? [];
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(told?.speaksAgainst.every(({ weight }) => weight < 0)).toBe(true);
  });

  it.each(merged.hypotheses.map(({ id }) => id))(
    "a full run can tell %s from every other",
    (id) => {
      expect(explain(merged, id, vocabulary)?.cannotTellFrom).toEqual([]);
    },
  );

  it("names a twin as what it cannot be told from, and what the plan does not run", () => {
    const original = merged.hypotheses.find(({ id }) => id === "redis-down");
    if (original === undefined) throw new Error("no redis-down");
    const plan: Plan = {
      ...merged,
      priorities: [{ level: 1, title: "Little", minutes: 1, checks: ["logs/redis", "logs/auth"] }],
      hypotheses: [...merged.hypotheses, { ...original, id: "redis-slow" }],
    };
    const told = explain(plan, "redis-down", vocabulary);
    expect(told?.cannotTellFrom[0]).toEqual({ id: "redis-slow", apart: 0, bestCheck: null });
    expect(told?.notInPlan).toContain("dependencies/redis");
  });

  it("says which check tells most between two that are alike", () => {
    const timeout = shippedPlans.find(({ id }) => id === "model-api-timeout");
    if (timeout === undefined) throw new Error("no plan");
    const told = explain(timeout, "missing-environment", vocabulary);
    expect(told?.nearest.find(({ id }) => id === "startup-failure")?.bestCheck).toBe(
      "ecs/environment",
    );
  });

  it("reads as text", () => {
    const text = toExplanationText({
      id: "small",
      claim: "It is small",
      prior: "low",
      confirmedBy: [{ check: "a/b", outcome: "bad" }],
      speaksFor: [{ check: "a/b", outcome: "bad", strength: "usual", mode: null, weight: 5.31 }],
      speaksAgainst: [
        { check: "a/b", outcome: "good", strength: "usual", mode: null, weight: -1.6 },
      ],
      notInPlan: [],
      cannotTellFrom: [{ id: "twin", apart: 0, bestCheck: null }],
      nearest: [{ id: "cousin", apart: 7.25, bestCheck: "c/d" }],
    });
    expect(text).toBe(
      [
        "small: It is small",
        "likelihood before anything is seen: low",
        "",
        "speaks for it, strongest first:",
        "  + 5.3  a/b = bad (usual)",
        "",
        "speaks against it:",
        "  - 1.6  a/b = good (usual)",
        "",
        "confirmed by:",
        "  a/b = bad",
        "",
        "cannot be told from:",
        "  twin: no check of this plan tells the two apart",
        "",
        "most alike of the others:",
        "  cousin: c/d tells most (7.3 nats by all checks together)",
        "",
      ].join("\n"),
    );
  });
});
