import { describe, expect, it } from "vitest";
import { addresses } from "#checks/edge/addresses.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

describe("edge/addresses", () => {
  const good = answered(200, { status: "ok" });
  it.each([
    ["all-answer", [good, good]],
    ["some-fail", [good, failed("connect-timeout")]],
    ["some-fail", [good, balancer(503)]],
    ["all-fail", [failed("connect-timeout"), failed("connection-refused")]],
    ["not run: not-applicable", []],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(addresses, { seen }))).toBe(outcome);
  });
});
