import { describe, expect, it } from "vitest";
import { health } from "#checks/api/health.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

describe("api/health", () => {
  it.each([
    ["ok", answered(200, { status: "ok" })],
    ["slow", answered(200, { status: "ok" }, { totalMs: 1_800 })],
    ["failing", balancer(503)],
    ["failing", failed("connection-refused")],
    ["timeout", failed("headers-timeout")],
    ["timeout", failed("connect-timeout")],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(health, { seen }))).toBe(outcome);
  });
});
