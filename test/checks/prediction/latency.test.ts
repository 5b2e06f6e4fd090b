import { describe, expect, it } from "vitest";
import { latency } from "#checks/prediction/latency.ts";
import { slowShare, slowShareWords } from "#checks/prediction/slow-share.ts";
import { answered, failed, judge, outcomeOf } from "../observations.ts";

const quick = answered(200);
const slow = answered(200, {}, { totalMs: 6_000 });
const silent = failed("headers-timeout", { totalMs: 10_000 });
const times = (count: number, one: object): object[] => Array.from({ length: count }, () => one);
const samples = (first: object, later: object[], stopped: string | null = null) => ({
  samples: { first, later, wanted: 20, stopped },
});

describe("prediction/latency", () => {
  it.each([
    ["within", quick, []],
    ["within", quick, times(2, quick)],
    ["slow", slow, []],
    ["slow", slow, times(2, slow)],
    ["slow-first", slow, [slow, quick]],
    ["slow-first", silent, [quick]],
    // One of nineteen may well be one of a thousand; five of nineteen are no p95.
    ["within", quick, [slow, ...times(18, quick)]],
    ["slow", quick, [...times(5, slow), ...times(14, quick)]],
    ["slow", quick, [...times(5, silent), ...times(14, quick)]],
    ["not run: not-applicable", answered(401), []],
    // Nothing was answered: prediction/with-key says so, and once is enough.
    ["not run: not-applicable", silent, [silent]],
  ])("%s", (outcome, first, later) => {
    expect(outcomeOf(judge(latency, samples(first, later)))).toBe(outcome);
  });

  it("keeps the first apart, gives the rest as a share, and says why there are fewer", () => {
    const judgement = judge(
      latency,
      samples(slow, [slow, ...times(17, quick)], "the API answered 429"),
    );
    expect(judgement).toMatchObject({
      summary:
        "first 6.0 s; then 17 of 18 under 2.0 s; slow share 0.1-27% (Clopper-Pearson, 95%); stopped: the API answered 429",
    });
    expect(JSON.stringify(judgement)).not.toContain("p95");
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
  ])("%d of %d: %f to %f", (slowOnes, count, low, high) => {
    const share = slowShare(slowOnes, count);
    expect(share.low).toBeCloseTo(low, 3);
    expect(share.high).toBeCloseTo(high, 3);
  });

  it("is said as it is", () => {
    expect(slowShareWords(1, 20, "1.0 s")).toBe(
      "19 of 20 under 1.0 s; slow share 0.1-25% (Clopper-Pearson, 95%)",
    );
  });
});
