import { describe, expect, it } from "vitest";
import { addresses } from "#checks/edge/addresses.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

const at = (last: number) => ({ address: `192.0.2.${last}` });
const good = (last: number) => answered(200, { status: "ok" }, at(last));
const six = { address: "2001:db8::21" };
const dead = (last: number) => failed("connect-timeout", at(last));

describe("edge/addresses", () => {
  it.each([
    ["all-answer", "each", [good(1), good(2)]],
    ["some-fail", "one is dead", [good(1), dead(2)]],
    ["some-fail", "one has no target", [good(1), { ...balancer(503), ...at(2) }]],
    [
      "some-fail",
      "one of its targets fails",
      [good(1), good(1), answered(500, {}, at(1)), good(2)],
    ],
    ["some-fail", "both waver", [good(1), dead(1), good(2), dead(2)]],
    ["all-fail", "none", [dead(1), failed("connection-refused", at(2))]],
    ["not run: not-applicable", "no address", []],
    ["some-fail", "the IPv6 one is dead", [good(1), failed("connection-refused", six)]],
    [
      "some-fail",
      "the way to the IPv6 one ends elsewhere",
      [good(1), failed("network-unreachable", { ...six, code: "EHOSTUNREACH" })],
    ],
    [
      "all-answer",
      "we have no IPv6",
      [good(1), failed("network-unreachable", { ...six, code: "ENETUNREACH" })],
    ],
    [
      "not run: not-applicable",
      "we have no IPv6, and it has nothing else",
      [failed("network-unreachable", { ...six, code: "ENETUNREACH" })],
    ],
  ])("%s: %s", (outcome, _name, seen) => {
    expect(outcomeOf(judge(addresses, { seen }))).toBe(outcome);
  });

  it("counts answers by address", () => {
    const seen = [good(1), dead(1), good(2), good(2)];
    expect(judge(addresses, { seen })).toMatchObject({
      summary: "2 of 2 addresses answer, 192.0.2.1 not each time",
      evidence: [
        { label: "192.0.2.1", seen: expect.stringContaining("1 of 2 answered; connect timeout") },
        { label: "192.0.2.2", seen: "2 of 2 answered; 200 JSON in 12 ms" },
      ],
    });
  });
});
