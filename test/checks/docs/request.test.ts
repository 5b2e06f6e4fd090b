import { describe, expect, it } from "vitest";
import { request } from "#checks/docs/request.ts";
import { differences } from "#core/request-difference.ts";
import { model } from "../../clients/probe/setting.ts";
import { answered, failed, html, judge, notAllowed, outcomeOf, refused } from "../observations.ts";

const url = "https://api.hokus.ai/api/v1/models/21/predict";
const good = answered(200, {}, { key: "scoped" });
const documented = (seen: unknown, more: object = { method: "GET" }) => {
  const sent = { url, method: "POST", ...more };
  const from = { source: "documented", documented: true, role: "api", untried: null };
  return { ...from, ...sent, seen, contract: null, differences: differences(sent, model) };
};
const empty = {
  ...documented(answered(200, {}, { key: "scoped" })),
  contract: { holds: false, detail: 'no field "predictions"' },
};
const field = { detail: [{ loc: ["body", "inputs", "industry"], msg: "Field required" }] };

describe("docs/request", () => {
  it.each([
    ["works", [documented(good)], good],
    ["key-refused", [documented(answered(401))], good],
    ["key-refused", [documented(answered(403))], good],
    ["body-refused", [documented(answered(422, field))], good],
    ["method-refused", [documented(notAllowed)], good],
    ["not-served", [documented(answered(404))], good],
    ["other-server", [documented(html(405, "nginx"))], good],
    ["other-server", [documented(failed("no-such-name"))], good],
    ["no-prediction", [documented(answered(500))], good],
    ["no-prediction", [empty], good],
    ["key-refused", [documented(answered(401))], answered(503)],
    // Nobody can say that the difference matters while the right request fails alike.
    ["not run: not-applicable", [documented(answered(503))], answered(503)],
    ["not run: not-applicable", [documented(refused)], answered(401)],
    // The page is right, nothing was tried, there is no page.
    ["not run: not-applicable", [documented(null, {})], good],
    ["not run: not-applicable", [{ ...documented(null), untried: "no key" }], good],
    ["not run: not-applicable", [{ ...documented(good), documented: false }], good],
    ["not run: not-applicable", [], good],
  ])("%s", (outcome, requests, seen) => {
    expect(outcomeOf(judge(request, { requests, prediction: { seen } }))).toBe(outcome);
  });

  it("names the field, and what the page shows", () => {
    const judgement = judge(request, {
      requests: [documented(answered(422, field))],
      prediction: { seen: good },
    });
    expect(judgement).toMatchObject({
      summary: expect.stringMatching(/body\.inputs\.industry: Field required.*method GET/u),
    });
  });
});
