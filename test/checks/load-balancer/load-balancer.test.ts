import { describe, expect, it } from "vitest";
import { errors } from "#checks/load-balancer/errors.ts";
import { healthCheck } from "#checks/load-balancer/health-check.ts";
import { routing } from "#checks/load-balancer/routing.ts";
import { targetsMatchTasks } from "#checks/load-balancer/targets-match-tasks.ts";
import { targets } from "#checks/load-balancer/targets.ts";
import type { ListenerRule, RuleAction, RuleCondition } from "#core/ports/aws.ts";
import {
  ago,
  balancer,
  evidenceOf,
  group,
  groupArn,
  groupHealth,
  health,
  judged,
  resolved,
  summaryOf,
  task,
} from "../samples.ts";

const second = "10.0.2.10";

describe("load-balancer/targets", () => {
  const tasks = [task(), task({ id: "b", addresses: [second] })];
  it.each([
    ["healthy", [health(), health("healthy", null, second)]],
    ["healthy", [health(), health("draining", "Target.DeregistrationInProgress", second)]],
    ["none-registered", []],
    ["none-registered", [health("draining")]],
    ["some-unhealthy", [health(), health("unhealthy", "Target.Timeout", second)]],
    ["unhealthy-response", [health("unhealthy", "Target.ResponseCodeMismatch")]],
    [
      "unhealthy-timeout",
      [health("unhealthy", "Target.Timeout"), health("unhealthy", "Target.Timeout", second)],
    ],
    ["unhealthy-refused", [health("unhealthy", "Target.FailedHealthChecks")]],
    ["not-in-use", [health("unused", "Target.NotInUse")]],
    ["not run", [health("initial", "Elb.RegistrationInProgress")]],
  ])("%s", (outcome, listed) => {
    expect(judged(targets, { health: [groupHealth(listed)], tasks })).toBe(outcome);
  });

  it("finds the group by the tasks' addresses where the service names none", () => {
    const facts = {
      health: [groupHealth([health("unhealthy", "Target.Timeout")], "hand-made", false)],
      tasks,
    };
    expect(judged(targets, facts)).toBe("unhealthy-timeout");
    expect(judged(targets, { ...facts, tasks: [] })).toBe("not run");
  });
});

describe("load-balancer/targets-match-tasks", () => {
  const both = [task(), task({ id: "b", addresses: [second] })];
  it.each([
    ["match", both, [[health(), health("unhealthy", "Target.Timeout", second)]]],
    ["match", both, [[health(), health("healthy", null, second)], []]],
    ["match", [task()], [[health(), health("draining", null, second)]]],
    ["stale", [task()], [[health(), health("unhealthy", "Target.Timeout", "10.0.9.9")]]],
    ["missing", both, [[health()]]],
    ["match", [task({ lastStatus: "PENDING" })], [[]]],
    [
      "match",
      [task(), task({ id: "b", lastStatus: "PENDING", addresses: [second] })],
      [[health(), health("initial", null, second)]],
    ],
  ])("%s", (outcome, tasks, listed) => {
    expect(
      judged(targetsMatchTasks, { tasks, health: listed.map((one) => groupHealth(one)) }),
    ).toBe(outcome);
  });
});

describe("load-balancer/health-check", () => {
  it.each([
    ["consistent", group()],
    ["consistent", group({ port: "8001", matcher: "200-299,301" })],
    ["wrong-path-or-port", group({ path: "/" })],
    ["wrong-path-or-port", group({ path: "/Health" })],
    ["wrong-path-or-port", group({ port: "8000" })],
    ["wrong-path-or-port", group({ matcher: "204" })],
    ["too-strict", group({ timeoutSeconds: 1 })],
    ["too-strict", group({ intervalSeconds: 5, unhealthyCount: 2 })],
  ])("%s", (outcome, value) => {
    expect(judged(healthCheck, { groups: [value], health: [] })).toBe(outcome);
  });

  it("blames nothing where it could not see whether a target passes", () => {
    expect(judged(healthCheck, { groups: [group()] })).toBe("consistent");
    expect(judged(healthCheck, { groups: [group({ path: "/" })] })).toBe("lacks health");
  });

  it("believes a target that passes more than the catalogue", () => {
    const facts = { groups: [group({ path: "/ready" })], health: [groupHealth([health()])] };
    expect(judged(healthCheck, facts)).toBe("consistent");
  });
});

const condition = (
  field: string,
  values: readonly string[],
  change: Partial<RuleCondition> = {},
): RuleCondition => ({
  field,
  values,
  header: null,
  query: [],
  regexes: [],
  ...change,
});
const to = (...weights: readonly [name: string, weight?: number][]): RuleAction => ({
  type: "forward",
  order: 1,
  targetGroups: weights.map(([name, weight]) => ({ arn: groupArn(name), weight: weight ?? 1 })),
  answer: null,
  unauthenticated: null,
});
const rule = (
  priority: number | null,
  conditions: readonly RuleCondition[],
  action: RuleAction,
): ListenerRule => ({
  arn: `rule-${priority}`,
  priority,
  conditions,
  actions: [action],
  transforms: [],
});
const host = (name: string) => condition("host-header", [name]);
const path = (pattern: string) => condition("path-pattern", [pattern]);
const fixed: RuleAction = {
  type: "fixed-response",
  order: 1,
  targetGroups: [],
  answer: "404",
  unauthenticated: null,
};
const moved: RuleAction = {
  type: "redirect",
  order: 1,
  targetGroups: [],
  answer: "301 https://example.com:443/#{path}",
  unauthenticated: null,
};
const last = rule(null, [], fixed);
const own = rule(20, [host("api.example.com")], to(["api"]));

const through = (rules: readonly ListenerRule[], port = 443) => ({
  balancers: [
    { name: "main", found: balancer() },
    { name: "second", found: balancer({ name: "second" }) },
  ],
  rules: [
    { loadBalancer: "main", listeners: [{ arn: "l", port, protocol: "HTTPS", rules }] },
    {
      loadBalancer: "second",
      listeners: [{ arn: "m", port: 443, protocol: "HTTPS", rules: [last] }],
    },
  ],
  health: [groupHealth([health()])],
  tasks: [task()],
});

describe("load-balancer/routing", () => {
  it.each([
    ["to-service", "host", [own, last]],
    ["to-service", "host-header case", [rule(1, [host("API.Example.COM")], to(["api"])), last]],
    ["fixed-response", "path case", [rule(1, [path("/API/*")], to(["api"])), last]],
    [
      "to-service",
      "path wildcards",
      [rule(1, [path("/api/v?/models/*/predict")], to(["api"])), last],
    ],
    ["other-target-group", "shadowed rule", [rule(5, [path("/api/*")], to(["web"])), own, last]],
    [
      "to-service",
      "lower number first, in whatever order they come",
      [own, rule(30, [path("/api/*")], to(["web"])), last],
    ],
    [
      "to-service",
      "a rule for GET only",
      [
        rule(5, [path("/api/*"), condition("http-request-method", ["GET"])], to(["web"])),
        own,
        last,
      ],
    ],
    [
      "other-target-group",
      "a rule for POST only",
      [rule(5, [condition("http-request-method", ["POST"])], to(["web"])), own, last],
    ],
    ["fixed-response", "only the default left", [last]],
    ["redirect", "", [rule(1, [path("*")], moved), last]],
    ["weight-zero", "weight 0", [rule(1, [path("*")], to(["api", 0], ["web", 100])), last]],
    ["weight-zero", "weight 0 alone", [rule(1, [path("*")], to(["api", 0])), last]],
    [
      "to-service",
      "the other has weight 0",
      [rule(1, [path("*")], to(["api", 1], ["web", 0])), last],
    ],
    [
      "other-target-group",
      "a share goes elsewhere",
      [rule(1, [path("*")], to(["api", 90], ["web", 10])), last],
    ],
    [
      "not run",
      "undecidable: source address",
      [rule(1, [condition("source-ip", ["198.51.100.0/24"])], to(["web"])), own, last],
    ],
    [
      "to-service",
      "undecidable, but with the same end",
      [rule(1, [condition("source-ip", ["198.51.100.0/24"])], to(["api"])), own, last],
    ],
    [
      "to-service",
      "nobody comes from a private address through a load balancer that faces the internet",
      [rule(1, [condition("source-ip", ["10.0.0.0/8", "fc00::/7"])], to(["web"])), own, last],
    ],
    [
      "fixed-response",
      "internal addresses only",
      [
        rule(20, [host("api.example.com"), condition("source-ip", ["10.0.0.0/8"])], to(["api"])),
        last,
      ],
    ],
    [
      "other-target-group",
      "every address",
      [rule(1, [condition("source-ip", ["0.0.0.0/0"])], to(["web"])), own, last],
    ],
    [
      "not run",
      "undecidable: unknown header",
      [
        rule(1, [condition("http-header", ["beta"], { header: "X-Stage" })], to(["web"])),
        own,
        last,
      ],
    ],
    [
      "to-service",
      "a known header that does not match",
      [
        rule(1, [condition("http-header", ["text/*"], { header: "Content-Type" })], to(["web"])),
        own,
        last,
      ],
    ],
    [
      "to-service",
      "a query that is not sent",
      [
        rule(
          1,
          [condition("query-string", [], { query: [{ key: "v", value: "2" }] })],
          to(["web"]),
        ),
        own,
        last,
      ],
    ],
  ])("%s: %s", (outcome, _why, rules) => {
    expect(judged(routing, through(rules))).toBe(outcome);
  });

  it("says no-listener where the URL's port is not listened on", () => {
    expect(judged(routing, through([own, last], 80))).toBe("no-listener");
  });

  it("shows the winning rule and what it shadows", () => {
    expect(summaryOf(routing, through([rule(5, [path("/api/*")], to(["web"])), own, last]))).toBe(
      "main: rule 5 (path /api/*): forward to web, which shadows rule 20 (host api.example.com): forward to api",
    );
  });

  it("shows where GET parts from POST, and the rules that were asked before", () => {
    const get = rule(10, [path("/api/*"), condition("http-request-method", ["GET"])], to(["web"]));
    const facts = through([rule(5, [path("/v0/*")], to(["web"])), get, own, last]);
    expect(summaryOf(routing, facts)).toBe(
      "main: rule 20 (host api.example.com): forward to api; GET /api/v1/models/21/predict is taken first by rule 10 (path /api/*, method GET): forward to web",
    );
    expect(evidenceOf(routing, facts).map(({ label, seen }) => `${label}: ${seen}`)).toEqual([
      "POST /api/v1/models/21/predict through main: rule 20 (host api.example.com): forward to api",
      "GET /api/v1/models/21/predict through main: rule 10 (path /api/*, method GET): forward to web, which shadows rule 20 (host api.example.com): forward to api",
      "rule 5 (path /v0/*): does not take it: path /v0/*",
      "rule 10 (path /api/*, method GET): does not take it: method GET",
    ]);
    const post = rule(10, [condition("http-request-method", ["POST"])], to(["api"]));
    expect(summaryOf(routing, through([post, last]))).toBe(
      "main: rule 10 (method POST): forward to api; GET /api/v1/models/21/predict is left to the default rule: fixed response 404",
    );
  });

  const logIn = (unauthenticated: string): RuleAction => ({
    type: "authenticate-oidc",
    order: 1,
    targetGroups: [],
    answer: "https://login.example.com/authorize",
    unauthenticated,
  });
  it.each([
    ["login-first", "authenticate"],
    ["login-first", "deny"],
    ["to-service", "allow"],
  ])("%s: a log-in that would %s", (outcome, unauthenticated) => {
    const gated = { ...own, actions: [logIn(unauthenticated), ...own.actions] };
    expect(judged(routing, through([gated, last]))).toBe(outcome);
  });

  const served = {
    operations: [
      { path: "/v1/models/{id}/predict", methods: ["POST"], parameters: [], operationIds: [] },
      { path: "/v1/models/{id}", methods: ["GET"], parameters: [], operationIds: [] },
    ],
    prefixes: [],
  };
  it.each([
    ["to-service", "to what the API serves", "^/api/(.*)$", "/$1", served],
    ["rewritten", "to what the API does not serve", "^/api/v1/(.*)$", "/v2/$1", served],
    ["rewritten", "to what it serves for GET only", "^/api/(.*)/predict$", "/$1", served],
    ["rewritten", "to no request at all", "^/api/(.*)$", "$1", served],
    ["to-service", "that does not fit this path", "^/img/(.*)$", "/$1", served],
    ["not run", "and nobody knows what the API serves", "^/api/(.*)$", "/$1", undefined],
    ["not run", "by a pattern that we cannot read", "(?i)^/API/(.*)$", "/$1", served],
  ])("%s: a rewrite %s", (outcome, _why, regex, replace, api) => {
    const transforms = [{ type: "url-rewrite", rewrites: [{ regex, replace }] }];
    const facts = { ...through([{ ...own, transforms }, last]), api };
    expect(judged(routing, facts)).toBe(outcome);
  });

  const both = (first: readonly ListenerRule[], second: readonly ListenerRule[]) => ({
    ...through(first),
    rules: [
      {
        loadBalancer: "main",
        listeners: [{ arn: "l", port: 443, protocol: "HTTPS", rules: first }],
      },
      {
        loadBalancer: "second",
        listeners: [{ arn: "m", port: 443, protocol: "HTTPS", rules: second }],
      },
    ],
    names: [resolved([balancer({ name: "second" }).dnsName], [])],
    addresses: [],
  });
  it.each([
    ["the one that DNS names", "fixed-response", [last], [last]],
    ["the one that DNS names, and not the first", "to-service", [last], [own, last]],
    ["the one that is to serve it, where the name leads astray", "to-service", [own, last], [last]],
  ] as const)("looks at %s", (_which, outcome, first, other) => {
    expect(judged(routing, both(first, other))).toBe(outcome);
  });
});

describe("load-balancer/errors", () => {
  const points = (value: number, minutes = 5) => (value === 0 ? [] : [{ at: ago(minutes), value }]);
  const metrics = (
    requests: number,
    elb5xx: number,
    target5xx: number,
    target4xx: number,
    minutes = 5,
  ) => ({
    metrics: {
      loadBalancers: [
        {
          requests: points(requests, minutes),
          elb5xx: points(elb5xx, minutes),
          target5xx: points(target5xx, minutes),
          target4xx: points(target4xx, minutes),
        },
      ],
    },
  });
  it.each([
    ["none", metrics(100, 0, 0, 5)],
    ["none", metrics(1_000, 2, 0, 0)],
    ["load-balancer-5xx", metrics(10, 10, 0, 0)],
    ["load-balancer-5xx", metrics(0, 12, 0, 0)],
    ["target-5xx", metrics(100, 1, 40, 0)],
    ["target-4xx", metrics(100, 0, 0, 60)],
    ["not run", metrics(0, 0, 0, 0)],
    ["not run", metrics(100, 50, 0, 0, 40)],
    // What the run sent itself is no traffic of anybody else's.
    ["not run", metrics(100, 0, 0, 60, 0)],
  ])("%s", (outcome, facts) => {
    expect(judged(errors, facts)).toBe(outcome);
  });
});
