import { describe, expect, it } from "vitest";
import { latency } from "#checks/prediction/latency.ts";
import { slowShare, slowShareWords } from "#checks/prediction/slow-share.ts";
import { answered, failed, judge, outcomeOf } from "../observations.ts";

describe("prediction/latency", () => {
  const quick = answered(200);
  const slow = answered(200, {}, { totalMs: 6_000 });
  it.each([
    ["within", quick, null],
    ["slow", slow, slow],
    ["slow", failed("headers-timeout", { totalMs: 10_000 }), null],
    ["slow-first", slow, quick],
    ["slow-first", failed("headers-timeout", { totalMs: 10_000 }), quick],
    ["not run: not-applicable", answered(401), null],
  ])("%s", (outcome, seen, again) => {
    expect(
      outcomeOf(judge(latency, { prediction: { seen, contract: null, again, waitedSeconds: 10 } })),
    ).toBe(outcome);
  });
});

describe("the share of slow ones", () => {
  // Reference: exact binomial intervals, by hand for 0 and n, from tables between.
  it.each([
    [0, 1, 0, 0.975],
    [1, 1, 0.025, 1],
    [0, 3, 0, 0.7076],
    [1, 3, 0.0084, 0.9057],
    [1, 20, 0.0013, 0.2487],
    [4, 20, 0.0573, 0.4366],
  ])("%d of %d: %f to %f", (slow, count, low, high) => {
    const share = slowShare(slow, count);
    expect(share.low).toBeCloseTo(low, 3);
    expect(share.high).toBeCloseTo(high, 3);
  });

  it("is never called a percentile", () => {
    expect(slowShareWords(1, 20)).toBe(
      "1 of 20 slow: a share between 0% and 25%; says nothing of p95",
    );
  });
});
