import { describe, expect, it } from "vitest";
import type { ListenerRule, RuleCondition } from "#core/ports/aws.ts";
import { actionName, ruleName } from "#facts/listener-rules/actions.ts";
import { fits, holds, type RoutedRequest } from "#facts/listener-rules/conditions.ts";
import { landing } from "#facts/listener-rules/landing.ts";
import { simulate } from "#facts/listener-rules/simulate.ts";
import { rewritten } from "#facts/listener-rules/transform.ts";
import { balancer } from "../../checks/samples.ts";
import { action, arnOf, condition, forward, request, rule } from "./rules.ts";

describe("wildcards of listener rules", () => {
  it.each([
    [true, "/api/*", "/api/v1/models/21/predict", false],
    [true, "/api*", "/api", false],
    [false, "/api/*", "/api", false],
    [false, "/API/*", "/api/x", false],
    [true, "API.example.com", "api.EXAMPLE.com", true],
    [true, "*.example.com", "a.b.example.com", true],
    [false, "*.example.com", "example.com", true],
    [true, "/v?/x", "/v1/x", false],
    [false, "/v?/x", "/v12/x", false],
    [false, "/a.c", "/abc", false],
    [true, "/a\\*c", "/a*c", false],
    [false, "/a\\*c", "/abc", false],
    [true, "/a+(b)[c]", "/a+(b)[c]", false],
  ])("%s: %s against %s", (match, pattern, subject, ignoreCase) => {
    expect(fits(pattern, subject, ignoreCase)).toBe(match);
  });
});

const header = (name: string, values: readonly string[], regexes: readonly string[] = []) =>
  condition("http-header", values, { header: name, regexes });
const regex = (field: string, ...regexes: readonly string[]) => condition(field, [], { regexes });
const query = (key: string | null, value: string) =>
  condition("query-string", [], { query: [{ key, value }] });

describe("a condition", () => {
  const rows: readonly (readonly [
    is: "yes" | "no" | "maybe",
    why: string,
    condition: RuleCondition,
    change?: Partial<RoutedRequest>,
  ])[] = [
    ["yes", "host without case", condition("host-header", ["API.Example.COM"])],
    ["no", "path with case", condition("path-pattern", ["/API/*"])],
    ["yes", "one of its values", condition("path-pattern", ["/x", "/api/*"])],
    ["yes", "method", condition("http-request-method", ["GET", "POST"])],
    ["no", "method with case", condition("http-request-method", ["post"])],
    [
      "no",
      "method of another request",
      condition("http-request-method", ["POST"]),
      { method: "GET" },
    ],
    ["no", "query that is not sent", query("version", "1")],
    ["yes", "query", query("VERSION", "v?"), { query: [{ key: "version", value: "V1" }] }],
    ["yes", "query by its value", query(null, "*1"), { query: [{ key: "a", value: "v1" }] }],
    ["yes", "known header", header("Content-Type", ["APPLICATION/*"])],
    ["no", "known header with another value", header("Content-Type", ["application/json; *"])],
    ["maybe", "unknown header", header("X-Stage", ["beta"])],
    ["no", "header that we do not send", header("X-Stage", ["*"]), { headersComplete: true }],
    ["yes", "beginning of a key", header("Authorization", ["Bearer hk_*"])],
    ["no", "beginning of another scheme", header("Authorization", ["Basic *"])],
    ["maybe", "more of the key than we know", header("Authorization", ["Bearer hk_live_*"])],
    ["maybe", "a key by regular expression", header("Authorization", [], ["^Bearer hk_live_"])],
    ["no", "private source", condition("source-ip", ["10.0.0.0/8", "172.16.0.0/12", "fc00::/7"])],
    ["maybe", "public source", condition("source-ip", ["10.0.0.0/8", "198.51.100.0/24"])],
    ["yes", "any source", condition("source-ip", ["0.0.0.0/0"])],
    ["maybe", "source, inside", condition("source-ip", ["10.0.0.0/8"]), { from: "unknown" }],
    ["yes", "regular expression on the path", regex("path-pattern", "^\\/api\\/v[0-9]+\\/(.*)$")],
    ["no", "regular expression that does not fit", regex("path-pattern", "^/v[0-9]+/")],
    ["yes", "one of two", regex("host-header", "^www\\.", "^(.+)\\.example\\.com$")],
    ["yes", "escaped punctuation", regex("path-pattern", "^\\/api\\/v1\\/[a-z\\-]+\\/21\\/")],
    ["maybe", "case of a regular expression is not documented", regex("path-pattern", "^/API/")],
    ["maybe", "inline flags", regex("path-pattern", "(?i)^/API/")],
    ["maybe", "POSIX class", regex("path-pattern", "^/[[:alpha:]]+/")],
    ["maybe", "possessive quantifier", regex("path-pattern", "^/api/.*+$")],
    ["maybe", "look-ahead, which AWS refuses", regex("path-pattern", "^/api/(?!v1/)")],
    ["maybe", "no regular expression at all", regex("path-pattern", "^/api/(")],
    ["maybe", "a field from the future", condition("client-certificate", ["*"])],
  ];
  it.each(rows.map(([is, why, one, change]) => ({ is, why, one, change })))(
    "$is: $why",
    ({ is, one, change }) => {
      expect(holds(one, request(change)).is).toBe(is);
    },
  );
});

describe("the rule that takes a request", () => {
  const api = condition("path-pattern", ["/api/*"]);
  const rules = [
    rule(null, [], [action("fixed-response", { answer: "404" })]),
    rule(30, [condition("host-header", ["api.example.com"])]),
    rule(10, [api, condition("http-request-method", ["GET"])]),
    rule(7, [condition("path-pattern", ["/api/v0/*"])]),
    rule(4, [header("X-Stage", ["beta"]), condition("host-header", ["beta.example.com"])]),
    rule(5, [header("X-Stage", ["beta"]), api]),
  ];
  const seen = (change: Partial<RoutedRequest>) => {
    const { rule: taken, maybe, passed, shadowed } = simulate(rules, request(change));
    const numbers = (list: readonly { rule: ListenerRule }[]) =>
      list.map((one) => one.rule.priority);
    return {
      takes: taken?.priority,
      maybe: numbers(maybe),
      passed: numbers(passed),
      shadows: shadowed.map((one) => one.priority),
    };
  };
  it.each([
    ["POST", {}, { takes: 30, maybe: [5], passed: [4, 7, 10], shadows: [null] }],
    ["GET", { method: "GET" }, { takes: 10, maybe: [5], passed: [4, 7], shadows: [30, null] }],
    [
      "of ours",
      { headersComplete: true },
      { takes: 30, maybe: [], passed: [4, 5, 7, 10], shadows: [null] },
    ],
    [
      "another host",
      { host: "www.example.com" },
      { takes: null, maybe: [5], passed: [4, 7, 10, 30], shadows: [] },
    ],
  ])("%s", (_name, change, expected) => {
    expect(seen(change)).toEqual(expected);
  });
  it("is nobody where not even the default rule is shown", () => {
    expect(simulate([], request()).rule).toBeNull();
  });
});

describe("a rewrite", () => {
  const url = (regexText: string, replace: string) => ({
    type: "url-rewrite",
    rewrites: [{ regex: regexText, replace }],
  });
  const hostTo = (regexText: string, replace: string) => ({
    type: "host-header-rewrite",
    rewrites: [{ regex: regexText, replace }],
  });
  const was = { host: "api.example.com", path: "/api/v1/models/21/predict" };
  it.each([
    ["nothing where the pattern does not fit", [url("^/img/(.*)$", "/$1")], { is: "same" }],
    [
      "the path",
      [url("^/api/(.*)$", "/$1")],
      { is: "changed", ...was, path: "/v1/models/21/predict" },
    ],
    [
      "two groups in another order, and a query",
      [url("^/api/(v\\d)/models/(\\d+)/predict$", "/predict/$2?version=$1")],
      { is: "changed", ...was, path: "/predict/21" },
    ],
    [
      "what is not anchored",
      [url("/v1/", "/v2/")],
      { is: "changed", ...was, path: "/api/v2/models/21/predict" },
    ],
    [
      "the host",
      [hostTo("^api\\.(.+)$", "internal.$1")],
      { is: "changed", ...was, host: "internal.example.com" },
    ],
    [
      "both",
      [hostTo("^api", "www"), url("^/api", "")],
      { is: "changed", host: "www.example.com", path: "/v1/models/21/predict" },
    ],
    [
      "signs that mean something to JavaScript only",
      [url("^/api/v1", "/$$&")],
      { is: "changed", ...was, path: "/$$&/models/21/predict" },
    ],
    ["a group that is not there", [url("^/api/.*$", "/$1")], { is: "fails" }],
    ["a path that is none", [url("^/api/", "")], { is: "fails" }],
    ["several places at once", [url("[aeiou]", "x")], { is: "unknown" }],
    ["a pattern that we cannot read", [url("(?i)^/API/", "/")], { is: "unknown" }],
  ])("%s", (_name, transforms, expected) => {
    expect(rewritten(rule(1, [], undefined, transforms), request())).toMatchObject(expected);
  });
});

describe("where it ends", () => {
  const gate = (type: string, unauthenticated: string | null, answer: string | null = null) =>
    action(type, { unauthenticated, answer });
  const own = new Set([arnOf("api")]);
  const ending = (...actions: readonly ReturnType<typeof action>[]) => {
    const listener = { arn: "l", port: 443, protocol: "HTTPS" };
    const simulated = simulate([rule(null, [], actions)], request());
    return landing({ loadBalancer: balancer(), listener, simulated }, own).where;
  };
  it.each([
    ["to-service", [forward(["api", 1])]],
    ["to-service", [forward(["api", 5], ["web", 0])]],
    ["other-target-group", [forward(["api", 5], ["web", 5])]],
    ["weight-zero", [forward(["api", 0], ["web", 5])]],
    ["weight-zero", [forward(["api", 0])]],
    ["fixed-response", [action("fixed-response", { answer: "403" })]],
    ["redirect", [action("redirect", { answer: "301 https://example.com:443/" })]],
    ["login-first", [gate("authenticate-oidc", "authenticate"), forward(["api", 1])]],
    ["login-first", [gate("authenticate-cognito", "deny"), forward(["api", 1])]],
    ["to-service", [gate("authenticate-oidc", "allow"), forward(["api", 1])]],
    ["undecidable", [gate("jwt-validation", null), forward(["api", 1])]],
    ["undecidable", [action("an-action-from-the-future")]],
    ["undecidable", []],
  ])("%s", (where, actions) => {
    expect(ending(...actions)).toBe(where);
  });
});

it("names rules and actions for people", () => {
  const conditions = [
    condition("host-header", ["a.example.com", "b.example.com"]),
    header("X-Stage", ["beta"]),
    regex("path-pattern", "^/api/"),
    condition("http-request-method", ["GET"]),
    condition("source-ip", ["10.0.0.0/8"]),
    query("v", "1"),
  ];
  const login = action("authenticate-oidc", {
    unauthenticated: "authenticate",
    answer: "https://login.example.com/authorize",
  });
  const one = rule(10, conditions, [login, forward(["api", 90], ["web", 10])]);
  expect(ruleName(one)).toBe(
    "rule 10 (host a.example.com or b.example.com, header X-Stage beta, path regex ^/api/, method GET, source 10.0.0.0/8, query v=1)",
  );
  expect(actionName(one)).toBe(
    "a log-in at https://login.example.com/authorize (authenticate-oidc), then forward to api (weight 90) and web (weight 10)",
  );
});
