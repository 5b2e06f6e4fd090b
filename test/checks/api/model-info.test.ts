import { describe, expect, it } from "vitest";
import { modelInfo } from "#checks/api/model-info.ts";
import { answered, balancer, failed, html, judge, outcomeOf, refused } from "../observations.ts";

describe("api/model-info", () => {
  it.each([
    ["ok", answered(200, { id: "21" })],
    ["slow", answered(200, { id: "21" }, { totalMs: 2_500 })],
    ["not-found", answered(404, { detail: "Model 21 not found" })],
    ["no-route", answered(404, { detail: "Not Found" })],
    ["failing", answered(404, "", { headers: { server: "awselb/2.0" } })],
    ["not run: not-applicable", html(200, "Are you human?")],
    ["failing", balancer(503)],
    ["failing", failed("headers-timeout")],
    ["not run: not-applicable", refused],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(modelInfo, { seen }))).toBe(outcome);
  });
});
