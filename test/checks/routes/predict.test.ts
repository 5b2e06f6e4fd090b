import { describe, expect, it } from "vitest";
import { predict } from "#checks/routes/predict.ts";
import { judge, outcomeOf } from "../observations.ts";

const byUuid = (...methods: string[]) => ({
  path: "/api/v1/models/{deployed_model_id}/predict",
  methods,
  operationIds: [],
  parameters: [{ name: "deployed_model_id", type: "string", format: "uuid" }],
});
const byText = (...methods: string[]) => ({
  path: "/api/v1/models/{model_id}/predict",
  methods,
  operationIds: [],
  parameters: [{ name: "model_id", type: "string", format: null }],
});
const health = { path: "/health", methods: ["GET"], operationIds: [], parameters: [] };

// The table of docs/probing.md: what the frameworks do with two routers on one path.
describe("routes/predict", () => {
  it.each([
    ["both POST, string first", "registered", [health, byText("POST"), byUuid("POST")], []],
    ["both POST, UUID first", "shadowed", [byUuid("POST"), byText("POST")], []],
    ["UUID POST and string GET", "shadowed", [byUuid("POST"), byText("GET")], []],
    ["string GET first, then UUID POST", "shadowed", [byText("GET"), byUuid("POST")], []],
    ["POST route absent", "post-missing", [byText("GET")], []],
    ["no route at all", "path-missing", [health], []],
    [
      "a catch-all of one segment does not match",
      "path-missing",
      [{ ...health, path: "/api/v1/{rest}" }],
      [],
    ],
    [
      "mounted below a prefix",
      "registered",
      [{ ...byText("POST"), path: "/v1/models/{model_id}/predict" }],
      ["/api"],
    ],
    [
      "the prefix is not known",
      "path-missing",
      [{ ...byText("POST"), path: "/v1/models/{model_id}/predict" }],
      [],
    ],
    ["published empty", "not run: not-applicable", [], []],
  ])("%s: %s", (_name, outcome, operations, prefixes) => {
    expect(outcomeOf(judge(predict, { api: { operations, prefixes } }))).toBe(outcome);
  });

  const deployed = {
    rows: [{ id: "5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021", modelId: "21", status: "deployed" }],
  };
  it.each([
    [
      "the string route, before the other",
      [byText("POST"), byUuid("POST")],
      /\{model_id\}.*before/u,
    ],
    ["the UUID route", [byUuid("POST"), byText("GET")], /^POST .*\{deployed_model_id\}/u],
    ["none by POST", [byText("GET")], /^405/u],
    ["none", [health], /^404/u],
  ])("says which route wins for the deployed UUID: %s", (_name, operations, wanted) => {
    const judgement = judge(predict, { api: { operations, prefixes: [] }, deployed });
    const evidence = "evidence" in judgement ? judgement.evidence : [];
    expect(evidence.find(({ label }) => label.includes("deployed id"))?.seen).toMatch(wanted);
  });
});
