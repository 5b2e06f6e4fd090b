/**
 * The simulation against the offline balancer, which reads the same rules by itself: as the AWS server
 * writes them and our client reads them, whatever they are. Where the simulation is certain, they agree.
 */
import type { Rule as SdkRule } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { expect, it } from "vitest";
import { toRule } from "#clients/aws/load-balancing-answers.ts";
import type { RoutedRequest } from "#facts/listener-rules/conditions.ts";
import { simulate } from "#facts/listener-rules/simulate.ts";
import { rewritten } from "#facts/listener-rules/transform.ts";
import { toRule as toWire } from "../../../src/sandbox/aws/elb/actions.ts";
import { rewrittenBy, ruleFor } from "../../../src/sandbox/balancer/rules.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { Condition, Rule, Transform } from "../../../src/sandbox/world/state.ts";

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const some = (...values: readonly string[]) =>
  fc.uniqueArray(one(...values), { minLength: 1, maxLength: 2 });

const hosts = ["api.hokus.ai", "API.hokus.ai", "*.hokus.ai", "www.hokus.ai", "api.?okus.ai"];
const paths = ["/api/*", "/API/*", "*", "/api/v?/models/*", "/health", "/api/v1/models/21/predict"];
const pathRegexes = [
  "^/api/",
  "^/v[0-9]",
  "predict$",
  "^\\/api\\/v[0-9]+\\/(.*)$",
  "^/(health|openapi)",
];
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field: one("host-header" as const), values: some(...hosts) }),
  fc.record({ field: one("path-pattern" as const), values: some(...paths) }),
  fc.record({
    field: one("path-pattern" as const),
    values: one<string[]>([]),
    regexValues: some(...pathRegexes),
  }),
  fc.record({
    field: one("host-header" as const),
    values: one<string[]>([]),
    regexValues: some("^api\\.", "\\.ai$", "^(www|docs)\\."),
  }),
  fc.record({ field: one("http-request-method" as const), values: some("GET", "POST", "PUT") }),
  fc.record({
    field: one("http-header" as const),
    headerName: one("Content-Type", "X-Stage", "Accept"),
    values: some("application/*", "beta", "*", "text/html"),
  }),
  fc.record({
    field: one("query-string" as const),
    values: one([{ key: "v", value: "1" }], [{ value: "?" }], [{ key: "V", value: "*" }]),
  }),
  fc.record({
    field: one("source-ip" as const),
    values: some("10.0.0.0/8", "0.0.0.0/0", "30.0.0.0/8"),
  }),
);
const transforms: fc.Arbitrary<Transform> = one<Transform>(
  { type: "url-rewrite", rewrites: [{ regex: "^/api/(.*)$", replace: "/$1" }] },
  { type: "url-rewrite", rewrites: [{ regex: "^/(\\w+)/(v\\d)", replace: "/$2/$1" }] },
  { type: "url-rewrite", rewrites: [{ regex: "^/api.*$", replace: "/$1" }] },
  { type: "url-rewrite", rewrites: [{ regex: "^/", replace: "" }] },
  { type: "host-header-rewrite", rewrites: [{ regex: "^api\\.(.+)$", replace: "internal.$1" }] },
);
const rules = fc
  .uniqueArray(
    fc.record({
      priority: fc.integer({ min: 1, max: 9 }),
      conditions: fc.array(conditions, { minLength: 1, maxLength: 3 }),
      transforms: fc.array(transforms, { maxLength: 1 }),
    }),
    { maxLength: 5, selector: (rule) => rule.priority },
  )
  .map((list) =>
    [...list, { priority: null, conditions: [], transforms: [] }].map((rule): Rule => ({
      arn: `rule-${rule.priority}`,
      listenerArn: "l",
      actions: [],
      ...rule,
    })),
  );

const requests = fc.record({
  host: one("api.hokus.ai", "www.hokus.ai"),
  path: one("/api/v1/models/21/predict", "/health", "/openapi.json"),
  method: one("GET", "POST"),
  query: one([], [{ key: "v", value: "1" }]),
  headers: one<Record<string, string>>(
    { "content-type": "application/json" },
    { accept: "text/html", "x-stage": "beta" },
  ),
});

it("agrees with the balancer wherever it is certain", () => {
  const world = createWorldState();
  let certain = 0;
  fc.assert(
    fc.property(rules, requests, (list, sent) => {
      world.elb.rules = list;
      const request: RoutedRequest = { ...sent, headersComplete: true, from: "internet" };
      const simulated = simulate(
        list.map((rule) => toRule(toWire(rule) as SdkRule)),
        request,
      );
      if (simulated.maybe.length > 0 || simulated.rule === null) return;
      certain += 1;
      const query = new URLSearchParams(
        sent.query.map(({ key, value }) => [key, value] as [string, string]),
      );
      const taken = ruleFor(world, "l", { ...sent, query, source: "30.1.2.3" });
      expect(simulated.rule.arn).toBe(taken?.arn);
      const url = query.size === 0 ? sent.path : `${sent.path}?${query.toString()}`;
      const got = rewrittenBy(taken, { host: sent.host, url });
      const said = rewritten(simulated.rule, request);
      if (said.is === "fails") expect(got).toBeNull();
      else if (said.is === "same") expect(got).toEqual({ host: sent.host, url });
      else if (said.is === "changed")
        expect([got?.host, got?.url.split("?")[0]]).toEqual([said.host, said.path]);
      else expect(said.is).toBe("a certain answer: these patterns match one place");
    }),
    { numRuns: 1_500 },
  );
  expect(certain).toBeGreaterThan(500);
});
