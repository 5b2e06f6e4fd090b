import { describe, expect, it } from "vitest";
import { eachRequest } from "#checks/api/each-request.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

const good = answered(200);
const hangs = failed("headers-timeout");

describe("api/each-request", () => {
  it.each([
    ["all-answer", [good, good, good]],
    ["all-answer", [answered(404), answered(404)]],
    ["some-fail", [good, hangs, good]],
    ["some-fail", [good, balancer(502)]],
    ["some-fail", [answered(429), good, hangs]],
    ["all-fail", [hangs, hangs]],
    ["all-fail", [balancer(503), answered(500)]],
    ["not run: not-applicable", [answered(401), answered(403)]],
    ["not run: not-applicable", [answered(429), hangs]],
  ])("%s", (outcome, requests) => {
    expect(outcomeOf(judge(eachRequest, { requests }))).toBe(outcome);
  });

  it("tells the kinds of answers apart", () => {
    expect(judge(eachRequest, { requests: [good, hangs, good] })).toMatchObject({
      summary: "2 of 3 requests answered",
      evidence: [
        { label: "2 of 3 (none key)", seen: "200 JSON in 12 ms" },
        { label: "1 of 3 (none key)", seen: expect.stringContaining("connected, but no answer") },
      ],
    });
  });
});
