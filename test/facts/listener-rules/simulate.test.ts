import { describe, expect, it } from "vitest";
import { actionName, fits, ruleName } from "#facts/listener-rules/simulate.ts";

describe("wildcards of listener rules", () => {
  it.each([
    [true, "/api/*", "/api/v1/models/21/predict", false],
    [true, "/api*", "/api", false],
    [false, "/api/*", "/api", false],
    [false, "/API/*", "/api/x", false],
    [true, "API.example.com", "api.EXAMPLE.com", true],
    [true, "*.example.com", "a.b.example.com", true],
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

it("names rules and actions for people", () => {
  const arn = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/api/0";
  const rule = {
    arn: "r",
    priority: 10,
    conditions: [
      {
        field: "host-header",
        values: ["a.example.com", "b.example.com"],
        header: null,
        query: [],
        regexes: [],
      },
      { field: "http-header", values: ["beta"], header: "X-Stage", query: [], regexes: [] },
    ],
    actions: [
      {
        type: "forward",
        order: 1,
        targetGroups: [
          { arn, weight: 90 },
          { arn, weight: 10 },
        ],
        answer: null,
      },
    ],
    transforms: [],
  };
  expect(ruleName(rule)).toBe("rule 10 (host a.example.com or b.example.com, header X-Stage beta)");
  expect(actionName(rule)).toBe("forward to api (weight 90) and api (weight 10)");
});
