import { describe, expect, it } from "vitest";
import { keyFormat } from "#checks/client/key-format.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("client/key-format", () => {
  it.each([
    ["well-formed", { scoped: "configured", customer: null }],
    ["well-formed", { scoped: "missing", customer: { fits: true } }],
    ["malformed", { scoped: "configured", customer: { fits: false } }],
    ["malformed", { scoped: "malformed", customer: null }],
    ["not run: not-applicable", { scoped: "missing", customer: null }],
  ])("%s", (outcome, key) => {
    expect(outcomeOf(judge(keyFormat, { key: { prefix: "hk_", ...key } }))).toBe(outcome);
  });
});
