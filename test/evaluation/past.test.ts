import { describe, expect, it } from "vitest";
import { claimedCauses, isRight, type Feedback } from "#core/feedback.ts";
import { pastDocument, pastText, toPast } from "#evaluation/past.ts";
import { mistakeOf, stratumOf } from "#evaluation/strata.ts";
import { diagnosis, faultRun, hypothesis } from "../reports/example-run.ts";

const feedback = (causes: readonly string[], change: Partial<Feedback> = {}): Feedback => ({
  investigation: "run-1",
  at: "2026-11-21T03:12:00.000Z",
  by: "U1",
  channel: "C1",
  causes,
  note: null,
  ...change,
});

/** Accuses the auth service, as in the example, and nothing today. */
const then = faultRun({ id: "run-1" });
const nothing = diagnosis({
  verdict: "healthy",
  leading: [],
  probabilityHealthy: 0.98,
  hypotheses: [hypothesis("redis-down", 0.01), hypothesis("auth-unreachable", 0.005)],
});
const now = faultRun({ id: "run-1", diagnosis: nothing, findings: then.findings.slice(1) });

function past(causes: readonly string[]) {
  const one = toPast(then, now, feedback(causes));
  if (one === null) throw new Error("no verdict");
  return one;
}

describe("what people said", () => {
  it.each([
    ["fault", ["a"], ["a"]],
    ["fault", [], null],
    ["healthy", [], []],
    ["not-reproduced", [], []],
    ["inconclusive", ["a"], null],
  ] as const)("a verdict of %s that leads with %j claims %j", (verdict, leading, claimed) => {
    expect(claimedCauses(diagnosis({ verdict, leading }))).toEqual(claimed);
  });

  it.each([
    [["auth-unreachable"], true],
    [["auth-unreachable", "redis-down"], false],
    [["redis-down"], false],
    [[], false],
  ])("%j is what the example says: %s", (causes, right) => {
    expect(isRight(diagnosis(), causes)).toBe(right);
  });

  it.each([
    [[], "healthy", "accuses auth-unreachable", null],
    [["auth-unreachable"], "single", null, "healthy, puts redis-down first (1.0%)"],
    [
      // A run that calls it healthy was not right, whatever stands first.
      ["redis-down"],
      "single",
      "accuses auth-unreachable",
      "healthy, puts redis-down first (1.0%)",
    ],
    [
      ["auth-unreachable", "slow-cold-load"],
      "double",
      null,
      "healthy, puts redis-down first (1.0%)",
    ],
    [["other"], "novel", "accuses auth-unreachable", null],
  ])("%j is %s; then: %s; now: %s", (causes, stratum, wrongThen, wrongNow) => {
    const one = past(causes);
    expect(stratumOf(one.before.truth)).toBe(stratum);
    expect([mistakeOf(one.before), mistakeOf(one.now)]).toEqual([wrongThen, wrongNow]);
  });
});

describe("the report", () => {
  it("takes figures apart by what was true, as it was said and as it would be said now", () => {
    const document = pastDocument(
      [past(["auth-unreachable"]), past(["auth-unreachable"]), past([])],
      [{ id: "run-9", because: "it ended without a verdict" }],
    );
    expect(
      document.strata.map(({ stratum, cases, before, now: today }) => [
        stratum,
        cases,
        before.top1.hits,
        today.top1.hits,
        today.calledHealthy.hits,
      ]),
    ).toEqual([
      ["single", 2, 2, 0, 2],
      ["healthy", 1, 0, 1, 1],
    ]);
    expect(document.strata[0]?.before).toMatchObject({ meanChecks: 4, medianSeconds: 11.2 });
    expect(document.strata[0]?.now.meanChecks).toBe(3);
    expect(document.disagreements).toHaveLength(3);
    expect(document.leftOut).toHaveLength(1);
  });

  it("lists what differs, with what people said of it", () => {
    const one = toPast(then, then, feedback(["redis-down"], { note: "seen\nin the console" }));
    const right = toPast(then, then, feedback(["auth-unreachable"]));
    if (one === null || right === null) throw new Error("no verdict");
    const text = pastText(pastDocument([one, right], []));
    expect(text).toContain("2 past investigations have feedback.");
    expect(text).toContain(
      [
        "Verdicts that differ from what people said:",
        "  run-1  model 21",
        '      it was: redis-down (U1, 2026-11-21T03:12Z), "seen in the console"',
        "      then:   accuses auth-unreachable",
        "      now:    accuses auth-unreachable",
      ].join("\n"),
    );
    expect(text).toMatch(/^ {2}top-1 +50\.0% \(9-91\) +50\.0% \(9-91\)$/mu);
    expect(
      Math.max(
        ...text
          .split("\n")
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThan(81);
    expect(pastText(pastDocument([right], []))).toContain(
      "No verdict differs from what people said.",
    );
  });

  it("a cause too few, and a verdict that names none, are worth a look too", () => {
    const mistakes = (run: typeof then, causes: readonly string[]) => {
      const one = toPast(run, run, feedback(causes));
      return one === null
        ? null
        : pastDocument([one], []).disagreements.map(({ before }) => before.mistake);
    };
    expect(mistakes(then, ["auth-unreachable", "redis-down"])).toEqual([
      "fault, leads with auth-unreachable",
    ]);
    const unsure = faultRun({
      diagnosis: diagnosis({
        verdict: "inconclusive",
        leading: [],
        hypotheses: [hypothesis("auth-unreachable", 0.3), hypothesis("redis-down", 0.2)],
      }),
    });
    expect(mistakes(unsure, ["redis-down"])).toEqual([
      "inconclusive, puts auth-unreachable first (30.0%)",
    ]);
    expect(mistakes(unsure, ["other"])).toEqual(["inconclusive, leads with nothing"]);
    expect(mistakes(faultRun({ diagnosis: null }), ["other"])).toBeNull();
  });
});
