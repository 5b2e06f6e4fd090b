import { describe, expect, it } from "vitest";
import { internalName } from "#checks/dns/internal-name.ts";
import { judge, outcomeOf } from "../observations.ts";

describe("dns/internal-name", () => {
  const host = "api.hokusai-development.local";
  it.each([
    ["resolves", { host, addresses: ["10.0.0.5"], problem: null }],
    ["nxdomain", { host, addresses: [], problem: { outcome: "no-such-name", code: "ENOTFOUND" } }],
    [
      "not run: not-applicable",
      { host, addresses: [], problem: { outcome: "name-server-timeout", code: "ETIMEOUT" } },
    ],
  ])("%s", (outcome, name) => {
    expect(outcomeOf(judge(internalName, { name }))).toBe(outcome);
  });
});
