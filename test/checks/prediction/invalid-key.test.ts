import { describe, expect, it } from "vitest";
import { invalidKey } from "#checks/prediction/invalid-key.ts";
import { answered, failed, html, judge, notAllowed, outcomeOf } from "../observations.ts";

describe("prediction/invalid-key", () => {
  it.each([
    ["refused-401", answered(401, { detail: "Invalid API key" })],
    ["unclear-401", answered(401, { detail: "no" })],
    ["accepted", answered(200, { predictions: {} })],
    ["accepted", answered(422, { detail: [] })],
    ["another-answered", html(200, "Are you human?")],
    ["server-error", answered(503, { detail: "auth service unavailable" })],
    ["timeout", failed("headers-timeout")],
    ["other", notAllowed],
    ["other", failed("no-such-name")],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(invalidKey, { seen }))).toBe(outcome);
  });
});
