import { describe, expect, it } from "vitest";
import { page } from "#checks/docs/page.ts";
import { differences } from "#core/request-difference.ts";
import { readSamples } from "#core/request-sample.ts";
import { model } from "../../clients/probe/setting.ts";
import { answered, judge, outcomeOf } from "../observations.ts";

const good = `curl -X POST https://api.hokus.ai/api/v1/models/21/predict \\
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"inputs": {"company_size": 1000, "industry": "Technology"}}'`;
const pages = (text: string | null) => {
  if (text === null) return [];
  const samples = readSamples(text).map((sample) => {
    const { url, method } = sample;
    return { url, method, role: "api", differences: differences(sample, model) };
  });
  return [
    { url: "https://hokus.ai/explore-models/21", seen: answered(200), problem: null, samples },
  ];
};

describe("docs/page", () => {
  it.each([
    ["match", good],
    ["other-host", good.replace("api.hokus.ai/api", "hokus.ai/api")],
    ["other-host", good.replace("https:", "http:")],
    ["other-path", good.replace("/api/v1", "/v1")],
    ["other-method", good.replace("-X POST", "-X GET")],
    ["other-header", good.replace("Authorization: Bearer", "X-API-Key:")],
    ["other-header", good.replace("Bearer", "Token")],
    ["other-fields", good.replace("inputs", "features")],
    ["other-fields", good.replace("company_size", "companySize")],
    ["other-fields", good.replace(', "industry": "Technology"', "")],
    ["other-fields", good.replace("1000", '"1000"')],
    ["other-header", good.replace("application/json", "text/plain")],
    ["not run: not-applicable", "There is an API."],
    ["not run: not-applicable", null],
  ])("%s", (outcome, text) => {
    expect(outcomeOf(judge(page, { pages: pages(text) }))).toBe(outcome);
  });
});
