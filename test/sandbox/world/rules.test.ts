import { describe, expect, it } from "vitest";
import { chooseGroup, decidingAction, ruleFor } from "../../../src/sandbox/balancer/rules.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { Action, Condition, Rule } from "../../../src/sandbox/world/state.ts";

const rule = (priority: number | null, conditions: Condition[]): Rule => ({
  arn: `rule-${priority}`,
  listenerArn: "listener",
  priority,
  conditions,
  actions: [],
});
const incoming = {
  method: "POST",
  host: "API.hokus.ai",
  path: "/api/v1/models/21/predict",
  query: new URLSearchParams("debug=1"),
  headers: { "x-tier": "Gold" },
  source: "30.1.2.3",
};

describe("ruleFor", () => {
  const rows: [string, Condition[], boolean][] = [
    ["host without case", [{ field: "host-header", values: ["api.HOKUS.ai"] }], true],
    ["path wildcard", [{ field: "path-pattern", values: ["/api/v?/*"] }], true],
    ["path keeps its case", [{ field: "path-pattern", values: ["/API/*"] }], false],
    ["values are alternatives", [{ field: "path-pattern", values: ["/x", "/api/*"] }], true],
    [
      "conditions are all needed",
      [
        { field: "path-pattern", values: ["/api/*"] },
        { field: "http-request-method", values: ["GET"] },
      ],
      false,
    ],
    ["header", [{ field: "http-header", headerName: "X-Tier", values: ["g*"] }], true],
    ["query", [{ field: "query-string", values: [{ key: "debug", value: "1" }] }], true],
    ["source", [{ field: "source-ip", values: ["30.0.0.0/8"] }], true],
    [
      "regular expression of the path, with case",
      [{ field: "path-pattern", values: [], regexValues: ["^/api/v[0-9]+/"] }],
      true,
    ],
    [
      "regular expression of the path in another case",
      [{ field: "path-pattern", values: [], regexValues: ["^/API/"] }],
      false,
    ],
    [
      "regular expression of the host, without case",
      [{ field: "host-header", values: [], regexValues: ["^API\\..+\\.ai$"] }],
      true,
    ],
    [
      "regular expression of a header",
      [{ field: "http-header", headerName: "X-Tier", values: [], regexValues: ["^g.ld$"] }],
      true,
    ],
    ["dot is a dot", [{ field: "host-header", values: ["apiXhokus.ai"] }], false],
  ];
  it.each(rows)("%s", (_name, conditions, wanted) => {
    const world = createWorldState();
    world.elb.rules = [rule(null, []), rule(7, conditions)];
    expect(ruleFor(world, "listener", incoming)?.priority).toBe(wanted ? 7 : null);
  });

  it("ends with what comes after a log-in", () => {
    const logIn: Action = {
      type: "authenticate-cognito",
      order: 1,
      userPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
      userPoolClientId: "client",
      userPoolDomain: "hokusai",
      sessionCookieName: "AWSELBAuthSessionCookie",
      scope: "openid",
      sessionTimeout: 604_800,
      onUnauthenticatedRequest: "allow",
    };
    const forward: Action = { type: "forward", order: 2, targetGroups: [] };
    expect(decidingAction({ ...rule(1, []), actions: [forward, logIn] })).toBe(forward);
  });

  it("takes the lowest priority", () => {
    const world = createWorldState();
    world.elb.rules = [rule(20, []), rule(3, []), rule(null, [])];
    expect(ruleFor(world, "listener", incoming)?.priority).toBe(3);
  });

  it("never forwards to weight 0", () => {
    const groups = [
      { targetGroupArn: "a", weight: 0 },
      { targetGroupArn: "b", weight: 1 },
    ];
    const seen = Array.from({ length: 50 }, () =>
      chooseGroup({ type: "forward", order: 1, targetGroups: groups }),
    );
    expect(new Set(seen)).toEqual(new Set(["b"]));
    expect(
      chooseGroup({ type: "forward", order: 1, targetGroups: groups.slice(0, 1) }),
    ).toBeUndefined();
  });
});
