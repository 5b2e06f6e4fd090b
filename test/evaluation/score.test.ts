import { describe, expect, it } from "vitest";
import type { HypothesisVerdict, RunVerdict } from "#core/diagnosis.ts";
import { figuresOf, wronglyAccused, type Said } from "#evaluation/score.ts";

const said = (
  truth: readonly (readonly string[])[],
  probabilities: Readonly<Record<string, number>>,
  change: Partial<Said> = {},
): Said => {
  const sorted = Object.entries(probabilities).toSorted((a, b) => b[1] - a[1]);
  const leading = sorted.filter(([, probability]) => probability >= 0.5).map(([id]) => id);
  return {
    id: "case",
    truth,
    verdict: (leading.length > 0 ? "fault" : "healthy") satisfies RunVerdict,
    leading,
    hypotheses: sorted.map(([id, probability]) => ({
      id,
      probability,
      verdict: "possible" satisfies HypothesisVerdict,
    })),
    probabilityHealthy: leading.length > 0 ? 0 : 0.95,
    unseenRuledOut: [],
    checks: 60,
    seconds: 2,
    ...change,
  };
};

describe("figures of one case", () => {
  it.each([
    [
      "the cause first",
      [["redis"]],
      { redis: 0.9, auth: 0.05 },
      { top1: 1, top3: 1, exactSet: 1, wrongAccusation: 0 },
    ],
    [
      "any of the hypotheses that name it",
      [["oom", "overload"]],
      { overload: 0.9 },
      { top1: 1, exactSet: 1, wrongAccusation: 0 },
    ],
    [
      "another one first",
      [["redis"]],
      { auth: 0.9, redis: 0.3 },
      { top1: 0, top3: 1, exactSet: 0, wrongAccusation: 1 },
    ],
    [
      "not sure enough to accuse",
      [["redis"]],
      { auth: 0.55, redis: 0.3 },
      { top1: 0, wrongAccusation: 0 },
    ],
    [
      "fourth",
      [["redis"]],
      { a: 0.9, b: 0.8, c: 0.7, redis: 0.6 },
      { top1: 0, top3: 0, allInTop3: 0, wrongAccusation: 1 },
    ],
    [
      "both of two",
      [["redis"], ["auth"]],
      { redis: 0.9, auth: 0.8 },
      { top1: 1, allInTop3: 1, exactSet: 1, wrongAccusation: 0 },
    ],
    [
      "one of two",
      [["redis"], ["auth"]],
      { redis: 0.9, b: 0.2, c: 0.1, auth: 0.05 },
      { top1: 1, top3: 1, allInTop3: 0, exactSet: 0 },
    ],
    [
      "nothing where nothing is wrong",
      [],
      { redis: 0.02 },
      { top1: 1, exactSet: 1, calledHealthy: 1, calledFault: 0 },
    ],
    [
      "a false alarm",
      [],
      { redis: 0.8 },
      { top1: 0, exactSet: 0, calledHealthy: 0, calledFault: 1, wrongAccusation: 1 },
    ],
    [
      "all well, with the cause at one percent",
      [["redis"]],
      { redis: 0.01, auth: 0.005 },
      { top1: 0, calledHealthy: 1 },
    ],
    [
      "a novel fault as such",
      [["other"]],
      { other: 0.9 },
      { top1: 1, other: 1, wrongAccusation: 0 },
    ],
    [
      "a novel fault as a listed one",
      [["other"]],
      { redis: 0.9, other: 0.1 },
      { top1: 0, other: 0, wrongAccusation: 1 },
    ],
  ] as const)("%s", (_, truth, probabilities, wanted) => {
    const figures = figuresOf([said(truth, probabilities)]);
    for (const [name, share] of Object.entries(wanted))
      expect(figures[name as keyof typeof wanted], name).toMatchObject({ hits: share, of: 1 });
  });

  it("counts a true cause that was ruled out, and what was ruled out unseen", () => {
    const one = said([["redis"]], { auth: 0.9, redis: 0.01 });
    const hypotheses = one.hypotheses.map((row) =>
      row.id === "redis" ? { ...row, verdict: "ruled-out" as const } : row,
    );
    const figures = figuresOf([{ ...one, hypotheses, unseenRuledOut: ["redis"] }]);
    expect(figures.truthRuledOut.hits).toBe(1);
    expect(figures.unseenRuledOut).toBe(1);
  });

  it("never accuses by naming what nobody listed", () => {
    expect(wronglyAccused(said([], { other: 0.99 }))).toEqual([]);
  });
});

describe("calibration", () => {
  it("is the gap between how sure and how often right, weighed by cases", () => {
    // Ten claims of 90%, seven of them right; five that nothing is wrong at 95%, all right.
    const sure = Array.from({ length: 10 }, (_, index) =>
      said([[index < 7 ? "redis" : "auth"]], { redis: 0.92 }),
    );
    const healthy = Array.from({ length: 5 }, () => said([], { redis: 0.01 }));
    const figures = figuresOf([...sure, ...healthy]);
    // Both fall into the bin of .9: (10 x .92 + 5 x .95) / 15 claimed, 12 of 15 right.
    expect(figures.reliability).toHaveLength(1);
    expect(figures.calibrationError).toBeCloseTo(0.93 - 0.8, 6);
  });

  it("has the Brier score of a sure and right answer at 0, of a sure and wrong one at 1", () => {
    expect(figuresOf([said([["redis"]], { redis: 1, auth: 0 })]).brier).toBe(0);
    expect(figuresOf([said([["redis"]], { redis: 0, auth: 1 })]).brier).toBe(1);
  });
});
