import { describe, expect, it } from "vitest";
import { latency } from "#checks/prediction/latency.ts";
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
