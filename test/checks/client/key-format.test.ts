import { describe, expect, it } from "vitest";
import { keyFormat } from "#checks/client/key-format.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("client/key-format", () => {
  it.each([
    ["well-formed", { fits: true }],
    ["malformed", { fits: false }],
    ["not run: not-applicable", null],
  ])("%s", (outcome, customer) => {
    expect(outcomeOf(judge(keyFormat, { key: { prefix: "hk_", customer } }))).toBe(outcome);
  });
});
