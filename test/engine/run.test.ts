import { describe, expect, it } from "vitest";
import { defineCheck, failing, found, lacks, ok, type Check } from "#core/check.ts";
import { systemClock } from "#core/clock.ts";
import type { Diagnosis, WeighInput } from "#core/diagnosis.ts";
import { defineFact, type Fact, type GatherContext } from "#core/fact.ts";
import { foldEvents, type InvestigationEvent } from "#core/investigation.ts";
import { denied, notApplicable } from "#core/missing.ts";
import type { Plan } from "#core/plan.ts";
import type { Ports } from "#core/ports.ts";
import { createRedactor } from "#core/redact.ts";
import type { Target } from "#core/target.ts";
import { judgeAgain, runInvestigation, type EngineParts } from "#engine/run.ts";

const target = { id: "21" } as Target;

const fact = <Value>(
  id: string,
  gather: (context: GatherContext<Record<string, Fact>>) => Promise<Value> | Value,
  extra: Partial<Omit<Fact, "gather">> = {},
): Fact<Value> =>
  defineFact({
    id,
    needs: {},
    permissions: [],
    cost: "cheap",
    vantage: "aws",
    deadlineMs: 300,
    rereadable: true,
    gather: async (context: GatherContext<Record<string, Fact>>) => gather(context),
    ...extra,
  });

const check = (
  id: string,
  needs: Record<string, Fact>,
  optional: Record<string, Fact> = {},
): Check =>
  defineCheck({
    id,
    question: `Is ${id} fine?`,
    needs,
    optional,
    noise: "read",
    outcomes: { good: ok("It is."), bad: failing("It is not.", "Mend it.") },
    judge: (values) => {
      const seen = JSON.stringify(values);
      return found(seen.includes("bad") ? "bad" : "good", seen);
    },
  });

const plan = (checks: readonly string[]): Plan => ({
  id: "test",
  title: "test",
  symptoms: [],
  priorities: [{ level: 1, title: "all", minutes: 1, checks }],
  hypotheses: [],
  other: {},
  healthyNeeds: [],
  chain: null,
  questions: [],
  successCriteria: [],
});

const weighed = (input: WeighInput): Diagnosis => ({
  verdict: input.observed.some((row) => row.outcome === "bad") ? "fault" : "inconclusive",
  leading: [],
  inconclusiveBecause: null,
  probabilityHealthy: 0.5,
  hypotheses: [],
  why: [],
  nextChecks: [],
  nextSteps: [],
});

async function run(
  checks: readonly Check[],
  change: Partial<EngineParts> & {
    known?: Record<string, never>;
    planned?: readonly string[];
  } = {},
) {
  const events: InvestigationEvent[] = [];
  const parts: EngineParts = {
    checks: new Map(checks.map((row) => [row.id, row])),
    weigh: weighed,
    pivotal: () => [],
    ports: {} as Ports,
    clock: systemClock,
    vantage: "internet",
    redactor: createRedactor(),
    limits: {
      fastVerdictSeconds: 5,
      deepVerdictSeconds: 30,
      predictionsPerRun: 5,
      predictionsPerMinute: 10,
      predictionsPerDay: 100,
    },
    ...change,
  };
  const request = {
    id: "r1",
    target,
    plan: plan(change.planned ?? checks.map((row) => row.id)),
    reported: null,
    asker: { door: "terminal", id: null },
  } as const;
  const result = await runInvestigation(request, parts, (event) => events.push(event));
  return { result, events, parts };
}

describe("runInvestigation", () => {
  it("gathers each fact once, however many checks and facts need it", async () => {
    let asked = 0;
    const base = fact("base", () => {
      asked += 1;
      return "fine";
    });
    const above = fact("above", ({ facts }) => `${String(facts["base"])} too`, { needs: { base } });
    const { result } = await run([
      check("a/one", { base }),
      check("a/two", { base, above }),
      check("a/three", {}, { base }),
    ]);
    expect(asked).toBe(1);
    expect(result.findings.map((row) => [row.check, row.outcome])).toEqual([
      ["a/one", "good"],
      ["a/two", "good"],
      ["a/three", "good"],
    ]);
    expect(result.findings[1]?.summary).toContain("fine too");
  });

  it.each([
    [
      "denied",
      () => Promise.reject(denied("ecs:DescribeServices", "AccessDenied")),
      "denied",
      "grant ecs:DescribeServices",
      "lost",
    ],
    [
      "never here",
      () => Promise.reject(notApplicable("switched off", "switch it on")),
      "not-applicable",
      "switch it on",
      "never",
    ],
    [
      "broken",
      () => Promise.reject(new SyntaxError("Unexpected token <")),
      "broken",
      "check again; where it stays, report it with the run's id",
      "lost",
    ],
    [
      "hanging",
      () => new Promise<string>(() => undefined),
      "timed-out-here",
      "check again; where it stays, look at the network between the bot and what it asks",
      "lost",
    ],
  ] as const)(
    "turns a fact that is %s into not-run checks, also behind other facts",
    async (_, gather, reason, mend, availability) => {
      const base = fact<string>("base", gather);
      const above = fact("above", () => "never", { needs: { base } });
      const { result } = await run([
        check("a/direct", { base }),
        check("a/behind", { above }),
        check("a/optional", {}, { above }),
      ]);
      expect(
        result.notRun.map((row) => [row.check, row.reason, row.mend, row.availability]),
      ).toEqual([
        ["a/direct", reason, mend, availability],
        ["a/behind", reason, mend, availability],
      ]);
      expect(result.findings.map((row) => [row.check, row.outcome])).toEqual([
        ["a/optional", "good"],
      ]);
      expect(result.stopped).toBe("complete");
    },
  );

  it("gives the reason of the optional fact that an answer hangs on", async () => {
    const above = fact("above", () => {
      throw denied("ecs:DescribeServices", "refused");
    });
    const hanging = { ...check("a/hangs", {}, { above }), judge: () => lacks("above") } as Check;
    const { result } = await run([hanging]);
    expect(result.findings).toEqual([]);
    expect(
      result.notRun.map(({ check: id, facts, reason, mend }) => [id, facts, reason, mend]),
    ).toEqual([["a/hangs", ["above"], "denied", "grant ecs:DescribeServices"]]);
  });

  it("does not let a judge that throws look like a pass or a failure", async () => {
    const base = fact("base", () => "x");
    const broken = {
      ...check("a/broken", { base }),
      judge: () => {
        throw new Error("oops");
      },
    } as unknown as Check;
    const { result } = await run([broken, check("a/other", { base })]);
    expect(result.notRun.map((row) => [row.check, row.reason])).toEqual([["a/broken", "broken"]]);
    expect(result.findings).toHaveLength(1);
  });

  it("says a fast verdict from cheap facts before deep ones are asked", async () => {
    const order: string[] = [];
    const cheap = fact("cheap", () => {
      order.push("cheap");
      return "bad";
    });
    const deep = fact(
      "deep",
      () => {
        order.push("deep");
        return "x";
      },
      { cost: "deep" },
    );
    const { events } = await run([check("a/deep", { deep }), check("a/cheap", { cheap })], {
      weigh: (input) => {
        order.push(`weigh ${input.observed.length}`);
        return weighed(input);
      },
    });
    expect(order).toEqual(["cheap", "weigh 1", "deep", "weigh 2"]);
    expect(events.filter((event) => event.type === "verdict").map((event) => event.depth)).toEqual([
      "fast",
      "deep",
    ]);
  });

  it("says the fast verdict in time although a cheap fact hangs", async () => {
    const hanging = fact("hanging", () => new Promise<string>(() => undefined), {
      deadlineMs: 1500,
    });
    const quick = fact("quick", () => "bad");
    const { result } = await run([check("a/hanging", { hanging }), check("a/quick", { quick })], {
      limits: {
        fastVerdictSeconds: 0.5,
        deepVerdictSeconds: 30,
        predictionsPerRun: 1,
        predictionsPerMinute: 1,
        predictionsPerDay: 100,
      },
    });
    expect(result.fastAfterMs).toBeLessThan(1000);
    expect(result.endedAfterMs).toBeGreaterThan(1400);
  });

  it("waits for what a fact disturbs, whatever became of it", async () => {
    const order: string[] = [];
    const metrics = fact("metrics", async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("metrics");
      throw new Error("no");
    });
    const prediction = fact(
      "prediction",
      () => {
        order.push("prediction");
        return "x";
      },
      { after: [metrics] },
    );
    await run([check("a/prediction", { prediction }), check("a/metrics", { metrics })]);
    expect(order).toEqual(["metrics", "prediction"]);
  });

  it("reads pivotal facts again and shows a disagreement", async () => {
    let readings = 0;
    const shaky = fact("shaky", () => {
      readings += 1;
      return readings === 1 ? "bad" : "fine";
    });
    const { result, parts } = await run([check("a/shaky", { shaky })], {
      pivotal: () => ["a/shaky"],
    });
    expect(readings).toBe(4);
    expect(result.findings).toEqual([expect.objectContaining({ outcome: "good", before: "bad" })]);
    expect(judgeAgain(result, parts)).toEqual(result);
  });

  it("reads again what the verdict hangs on only after the first re-reads", async () => {
    const readings: string[] = [];
    const reading = (id: string): Fact => fact(id, () => readings.push(id));
    const checks = ["first", "second", "third"].map((name) =>
      check(`a/${name}`, { one: reading(name) }),
    );
    // The verdict hangs on the first check; once that was read twice, on the second, and so on.
    const order = [["a/first"], ["a/second"]];
    await run(checks, { pivotal: () => order.shift() ?? [] });
    expect(readings.toSorted()).toEqual(["first", "first", "second", "second", "third"]);
  });

  it("reads what readings disagree on until two in a row agree, and not for ever", async () => {
    let readings = 0;
    const flapping = fact("flapping", () => {
      readings += 1;
      return readings % 2 === 0 ? "bad" : "good";
    });
    const { result } = await run([check("a/flapping", { flapping })], {
      pivotal: () => ["a/flapping"],
    });
    expect(readings).toBe(5);
    expect(result.findings).toEqual([expect.objectContaining({ outcome: "good" })]);
  });

  it("does not gather the facts of an interrupted run again", async () => {
    let asked = 0;
    const base = fact("base", () => {
      asked += 1;
      return "new";
    });
    const known = {
      base: { state: "known", at: "2026-01-01T00:00:00.000Z", tookMs: 1, value: "stored" },
    } as const;
    const row = check("a/one", { base });
    const { parts } = await run([row]);
    asked = 0;
    const again = await runInvestigation(
      {
        id: "r2",
        target,
        plan: plan(["a/one"]),
        reported: null,
        asker: { door: "terminal", id: null },
        known,
      },
      parts,
      () => undefined,
    );
    expect(asked).toBe(0);
    expect(again.findings[0]?.summary).toContain("stored");
  });

  it("ends with its last word when weighing fails, and when it is cancelled", async () => {
    const base = fact("base", () => "x");
    const { result } = await run([check("a/one", { base })], {
      weigh: () => {
        throw new Error("arithmetic");
      },
    });
    expect([result.stopped, result.problem]).toEqual(["failed", "arithmetic"]);
  });

  it("names checks that the plan has and this version has not", async () => {
    const { result } = await run([], { planned: ["a/gone"] });
    expect(result.notRun).toEqual([
      expect.objectContaining({ check: "a/gone", mend: "run hokusai plan lint" }),
    ]);
  });

  it("redacts what facts return and what they fail with", async () => {
    const leaking = fact("leaking", () => ({ line: "Bearer abcdefghijkl" }));
    const failingFact = fact("failing", () => Promise.reject(new Error("token=abcdefghijkl")));
    const { events } = await run([check("a/one", { leaking }), check("a/two", { failingFact })]);
    expect(JSON.stringify(events)).not.toContain("abcdefghijkl");
  });

  it("is a fold of its events", async () => {
    const base = fact("base", () => "x");
    const { result, events } = await run([check("a/one", { base })]);
    expect(foldEvents(events)).toEqual(result);
  });
});
