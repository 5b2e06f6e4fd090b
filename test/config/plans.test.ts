import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Plan, PriorWord } from "#core/plan.ts";
import { checksOf } from "#core/plan.ts";
import { lintPlans, loadPlans, mergePlans } from "#config/plans.ts";
import type { Problem } from "#config/problem.ts";
import { toLine } from "#config/problem.ts";
import { vocabulary } from "../diagnosis/vocabulary.ts";

const testdata = join(import.meta.dirname, "testdata-plans");
const shipped = join(import.meta.dirname, "..", "..", "plans");

/** Each folder pairs bad files with their exact problems. */
const folders = (kind: string): readonly string[] => readdirSync(join(testdata, kind)).toSorted();
const expected = (kind: string, name: string): string =>
  readFileSync(join(testdata, kind, name, "problems.txt"), "utf8").trim();
const written = (problems: readonly Problem[], directory: string): string =>
  problems.map((problem) => toLine(problem).replaceAll(`${directory}/`, "")).join("\n");

const one = { "area/one": { outcomes: ["good", "bad", "worse"] } };
const both = { ...one, "area/two": { outcomes: ["good", "bad"] } };

describe("loading plans", () => {
  it.each(folders("load"))("%s", async (name) => {
    const directory = join(testdata, "load", name);
    const { plans, problems } = await loadPlans(directory);
    expect(written(problems, directory)).toBe(expected("load", name));
    expect(plans).toEqual([]);
  });

  it("says so where the directory is not there", async () => {
    const { plans, problems } = await loadPlans(join(testdata, "nowhere"));
    expect(plans).toEqual([]);
    expect(problems[0]?.message).toContain("ENOENT");
  });
});

describe("linting plans", () => {
  it.each(folders("lint"))("%s", async (name) => {
    const directory = join(testdata, "lint", name);
    const { plans, problems } = await loadPlans(directory);
    expect(problems).toEqual([]);
    const shapes = expected("lint", name).includes("area/two") ? both : one;
    expect(written(lintPlans(plans, shapes), directory)).toBe(expected("lint", name));
  });
});

describe("linting plans that were not read from a file", () => {
  it("names the plan instead of a place, and every check that no plan runs", async () => {
    const { plans } = await loadPlans(join(testdata, "lint", "impossible-outcome"));
    const copies = structuredClone(plans);
    expect(lintPlans(copies, both).map(toLine)).toEqual([
      'plan small: area/one never gives "baad"; did you mean "bad"?',
      "plans: area/two is in no priority of any plan",
    ]);
  });
});

describe("a plan's own hypotheses", () => {
  it("override what hypotheses.yaml says, and new ones stand right after the one they name", async () => {
    const { plans, problems } = await loadPlans(join(testdata, "good"));
    expect(problems).toEqual([]);
    const [plan] = plans;
    expect(plan?.hypotheses.map(({ id, prior, fixCost }) => [id, prior, fixCost])).toEqual([
      ["first", "low", 10],
      ["between", "medium", 5],
      ["second", "high", 99],
    ]);
    expect(plan?.hypotheses[0]?.effects).toEqual({
      "area/one": { strength: "usual", outcomes: ["bad"] },
      "area/two": { strength: "certain", outcomes: ["bad", "good"] },
    });
    expect(plan?.hypotheses[2]?.effects["area/one"]).toEqual({
      strength: "rare",
      outcomes: ["worse"],
    });
    expect(plan?.other).toEqual({ "area/one": { worse: 0.2 }, "area/two": {} });
    expect(plan?.successCriteria[0]).toEqual({
      id: "known",
      text: "Known",
      metBy: [{ check: "area/one", outcome: "*" }],
      verdicts: ["fault"],
    });
  });
});

describe("the shipped plans", async () => {
  const { plans, problems } = await loadPlans(shipped);
  const plan = (id: string): Plan => {
    const found = plans.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no plan ${id}`);
    return found;
  };
  const prior = (of: Plan, id: string): PriorWord | undefined =>
    of.hypotheses.find((one) => one.id === id)?.prior;

  it("load, and nothing is to be said against them", () => {
    expect(problems).toEqual([]);
    expect(lintPlans(plans, vocabulary).map(toLine)).toEqual([]);
    expect(plans.map(({ id }) => id)).toEqual([
      "model-api-405",
      "model-api-refused",
      "model-api-timeout",
    ]);
  });

  it("run every check of the vocabulary in at least one of them", () => {
    expect(new Set(plans.flatMap(checksOf))).toEqual(new Set(Object.keys(vocabulary)));
  });

  it.each([
    ["model-api-timeout", [15, 15, 20, 30], 8],
    ["model-api-405", [30, 30, 15, 15], 5],
  ] as const)(
    "%s has its four priorities with their minutes, its questions and criteria",
    (id, minutes, questions) => {
      const { priorities, questions: asked, successCriteria, hypotheses } = plan(id);
      expect(priorities.map(({ level }) => level)).toEqual([1, 2, 3, 4]);
      expect(priorities.map((priority) => priority.minutes)).toEqual(minutes);
      expect(asked).toHaveLength(questions);
      expect(successCriteria).toHaveLength(4);
      expect(hypotheses).toHaveLength(25);
    },
  );

  it("keep path order, whatever order a plan lists its hypotheses in", () => {
    const order = [
      "wrong-host",
      "docs-mismatch",
      "dns-resolution",
      "certificate-invalid",
      "edge-blocked",
      "load-balancer-misconfigured",
      "security-group-blocking",
      "vpc-names",
      "port-mismatch",
      "service-not-running",
      "image-or-secret-pull",
      "missing-environment",
      "startup-failure",
      "partial-failure",
      "overload",
      "caller-throttled",
      "auth-unreachable",
      "auth-conflict",
      "api-key-invalid",
      "redis-down",
      "route-conflict",
      "model-missing",
      "database-down",
      "huggingface-unreachable",
      "slow-cold-load",
    ];
    for (const one of [...plans, mergePlans(plans, null), mergePlans(plans, "timeout")]) {
      expect(one.hypotheses.map(({ id }) => id)).toEqual(order);
    }
  });

  it("need a keyed answer and a proven chain to be healthy", () => {
    expect(mergePlans(plans, null).healthyNeeds).toEqual([
      { check: "prediction/with-key", outcome: "answered" },
      { check: "identity/chain", outcome: "proven" },
    ]);
    expect(mergePlans(plans, null).chain).toMatchObject({
      check: "identity/chain",
      proven: "proven",
    });
  });

  it("the symptom selects the column of priors; without one the higher counts", () => {
    const columns = (symptom: "timeout" | "405" | null) => {
      const merged = mergePlans(plans, symptom);
      return ["service-not-running", "wrong-host", "load-balancer-misconfigured"].map((id) =>
        prior(merged, id),
      );
    };
    expect(columns("timeout")).toEqual(["high", "low", "medium"]);
    expect(columns("405")).toEqual(["low", "high", "medium"]);
    expect(columns(null)).toEqual(["high", "high", "medium"]);
  });

  it("merged, run each check once, at the earlier of its levels", () => {
    const merged = mergePlans(plans, null);
    const all = merged.priorities.flatMap(({ checks }) => checks);
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(all)).toEqual(new Set(Object.keys(vocabulary)));
    expect(merged.priorities.map(({ level }) => level)).toEqual([1, 2, 3, 4]);
    expect(merged.priorities[0]?.checks).toContain("routes/predict");
    expect(merged.priorities[0]?.checks).toContain("ecs/service-running");
    expect(merged.priorities[0]?.title).toBe("Verify that the service is running and more");
    expect(mergePlans(plans, "405").priorities[0]?.title).toBe(
      "Confirm the route registration issue and more",
    );
    expect(merged.questions).toHaveLength(15);
    expect(merged.successCriteria).toHaveLength(10);
  });

  it("merged alone is the plan itself", () => {
    expect(mergePlans([plan("model-api-405")], "timeout")).toBe(plan("model-api-405"));
  });
});
