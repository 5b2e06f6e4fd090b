import { describe, expect, it } from "vitest";
import { refusals } from "#checks/client/refusals.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("client/refusals", () => {
  it.each([
    ["none", { 200: 30 }],
    ["none", { 200: 30, 401: 6 }],
    ["none", { 200: 8, 401: 4 }],
    ["keys-refused", { 401: 30 }],
    ["keys-refused", { 200: 10, 403: 20 }],
    ["throttled", { 200: 20, 429: 10 }],
    ["none", { 200: 100, 429: 6 }],
    ["none", { 503: 30 }],
    ["not run: not-applicable", { 401: 3 }],
    ["not run: not-applicable", {}],
    ["not run: not-applicable", null],
  ])("%s: %o", (outcome, statuses) => {
    const callers = {
      from: "2026-11-20T11:45:00Z",
      to: "2026-11-20T12:00:00Z",
      complete: true,
      statuses,
    };
    expect(outcomeOf(judge(refusals, { callers }))).toBe(outcome);
  });

  it("says where it read a part only", () => {
    const callers = { from: "x", to: "y", complete: false, statuses: { 200: 30 } };
    expect(judge(refusals, { callers })).toMatchObject({
      summary: expect.stringContaining("of those that were read"),
    });
  });
});
