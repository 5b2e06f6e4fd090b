import { describe, expect, it } from "vitest";
import { body } from "#checks/prediction/body.ts";
import { bodyProblems } from "#facts/openapi/body-problems.ts";
import { judge, outcomeOf } from "../observations.ts";

const path = "/api/v1/models/{model_id}/predict";
const post = {
  requestBody: {
    content: { "application/json": { schema: { $ref: "#/components/schemas/Request" } } },
  },
};
const withInputs = (inputs: object): object => ({
  schemas: {
    Request: {
      type: "object",
      required: ["inputs"],
      properties: { inputs: { $ref: "#/components/schemas/Inputs" } },
    },
    Inputs: { type: "object", ...inputs },
  },
});
const sent = { inputs: { company_size: 5, industry: "Technology" } };

describe("prediction/body", () => {
  it.each([
    ["fits", "all there", { required: ["company_size"] }, "no field"],
    ["fits", "one may be null", { properties: { industry: { type: ["string", "null"] } } }, "no"],
    ["misfit", "renamed", { required: ["employees"] }, "body.inputs.employees is required"],
    [
      "misfit",
      "of another type",
      { properties: { company_size: { type: "string" } } },
      "body.inputs.company_size must be string",
    ],
    [
      "misfit",
      "not wanted any more",
      { properties: { company_size: {} }, additionalProperties: false },
      "body.inputs.industry must NOT have additional properties",
    ],
    ["misfit", "two", { required: ["a", "b"] }, "body.inputs.a is required, and 1 more"],
  ])("%s: %s", (outcome, _name, inputs, summary) => {
    const problems = bodyProblems(post, withInputs(inputs), sent);
    const operation = { path, methods: ["POST"], parameters: [], operationIds: [] };
    const api = { operations: [{ ...operation, bodyProblems: problems }], prefixes: [] };
    const judgement = judge(body, { api });
    expect(outcomeOf(judgement)).toBe(outcome);
    expect(judgement).toMatchObject({ summary: expect.stringContaining(summary) });
  });

  it.each([
    ["none is published", {}, {}],
    ["it refers to nothing", post, { schemas: {} }],
  ])("cannot tell where no schema can be read: %s", (_name, operation, components) => {
    expect(bodyProblems(operation, components, sent)).toBeNull();
    const api = {
      operations: [
        { path, methods: ["POST"], parameters: [], operationIds: [], bodyProblems: null },
      ],
      prefixes: [],
    };
    expect(outcomeOf(judge(body, { api }))).toBe("not run: not-applicable");
    expect(outcomeOf(judge(body, { api: { operations: [], prefixes: [] } }))).toBe(
      "not run: not-applicable",
    );
  });
});
