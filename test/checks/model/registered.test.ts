import { describe, expect, it } from "vitest";
import { registered } from "#checks/model/registered.ts";
import { answered, failed, judge, outcomeOf } from "../observations.ts";

const latest = { version: "4", stage: "Production", status: "READY" };

describe("model/registered", () => {
  it.each([
    ["present", { answer: answered(200), latest }],
    ["missing", { answer: answered(200), latest: null }],
    ["missing", { answer: answered(404), latest: null }],
    ["not run: not-applicable", { answer: answered(401), latest: null }],
    ["unreachable", { answer: failed("connect-timeout"), latest: null }],
    ["unreachable", { answer: answered(502), latest: null }],
  ])("%s", (outcome, value) => {
    expect(outcomeOf(judge(registered, { registry: { model: "lead", ...value } }))).toBe(outcome);
  });
});
