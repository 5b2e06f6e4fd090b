import { describe, expect, it } from "vitest";
import { externalNames } from "#checks/dns/external-names.ts";
import { judge, outcomeOf } from "../observations.ts";

const name = (role: string, code: string | null) => ({
  role,
  host: `${role}.hokus.ai`,
  cnames: [],
  tookMs: 1,
  addresses: code === null ? ["192.0.2.1"] : [],
  problem:
    code === null
      ? null
      : {
          code,
          outcome: {
            ENOTFOUND: "no-such-name",
            ENODATA: "no-address",
            ESERVFAIL: "name-server-failure",
          }[code],
        },
});

describe("dns/external-names", () => {
  it.each([
    ["resolve", [name("api", null), name("auth", null)]],
    ["api-nxdomain", [name("api", "ENOTFOUND"), name("auth", "ENOTFOUND")]],
    ["api-nxdomain", [name("api", "ENODATA")]],
    ["auth-nxdomain", [name("api", null), name("auth", "ENOTFOUND")]],
    ["api-failing", [name("api", "ESERVFAIL")]],
    ["other-failing", [name("api", null), name("website", "ENOTFOUND")]],
    ["other-failing", [name("api", null), name("auth", "ESERVFAIL")]],
  ])("%s", (outcome, names) => {
    expect(outcomeOf(judge(externalNames, { names }))).toBe(outcome);
  });
});
