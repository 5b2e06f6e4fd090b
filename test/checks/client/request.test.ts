import { describe, expect, it } from "vitest";
import { request } from "#checks/client/request.ts";
import { differences } from "#core/request-difference.ts";
import { model } from "../../clients/probe/setting.ts";
import {
  answered,
  balancer,
  failed,
  html,
  judge,
  notAllowed,
  outcomeOf,
  refused,
} from "../observations.ts";

const canonical = "https://api.hokus.ai/api/v1/models/21/predict";
const website = "https://hokus.ai/api/v1/models/21/predict";
const sent = (
  url: string,
  role: string | null,
  seen: unknown,
  source = "reported",
  method = "POST",
) => ({
  source,
  url,
  method,
  role,
  seen,
  unreadable: url === "",
  differences: url === "" ? [] : differences({ url, method }, model),
});
const noRoute = answered(404, { detail: "Not Found" });
const works = { seen: answered(200, {}, { key: "scoped" }) };

describe("client/request", () => {
  it.each([
    ["same", [sent(canonical, "api", null)], works, refused],
    [
      "works-as-sent",
      [sent(`${canonical}/`, "api", answered(200, {}, { key: "scoped" }))],
      works,
      refused,
    ],
    ["other-host-405", [sent(website, "website", html(405, "405"))], works, refused],
    ["other-host-other", [sent(website, "website", html(404, "404"))], works, refused],
    ["other-host-other", [sent(website, "website", failed("connect-timeout"))], works, refused],
    ["not-our-host", [sent("https://api.example.com/predict", null, null)], works, refused],
    ["not-our-host", [sent("", null, null)], works, refused],
    [
      "other-path",
      [sent("https://api.hokus.ai/v1/models/21/predict", "api", answered(404))],
      works,
      refused,
    ],
    [
      "other-path",
      [sent(canonical.replace("https", "http"), "api", answered(301))],
      works,
      refused,
    ],
    // No route is another 404 than no model: the path is wrong, whatever else is.
    [
      "other-path",
      [sent("https://api.hokus.ai/v1/models/21/predict", "api", noRoute)],
      { seen: answered(404, { detail: "Model 21 not found" }) },
      refused,
    ],
    [
      "differs-too",
      [sent("https://api.hokus.ai/v1/models/21/predict", "api", noRoute)],
      { seen: noRoute },
      refused,
    ],
    ["other-method", [sent(canonical, "api", notAllowed, "reported", "GET")], works, refused],
    ["same-405-json", [sent(canonical, "api", null)], { seen: notAllowed }, refused],
    ["same-405-json", [sent(canonical, "api", null)], undefined, notAllowed],
    ["same-fails", [sent(canonical, "api", null)], { seen: failed("headers-timeout") }, refused],
    ["same-fails", [sent(canonical, "api", null)], undefined, balancer(503)],
    ["not run: not-applicable", [sent(canonical, "api", null)], undefined, refused],
    ["not run: not-applicable", [], works, refused],
  ])("%s", (outcome, requests, prediction, post) => {
    const judgement = judge(request, { requests, prediction, edge: { post, get: post } });
    expect(outcomeOf(judgement)).toBe(outcome);
  });

  it.each([
    ["other-header", "header x", { headers: ["x-auth-token"], scheme: null, fields: null }],
    ["other-header", "no key at all", { headers: ["content-type"], scheme: null, fields: null }],
    ["other-header", "scheme", { headers: ["authorization"], scheme: "Basic", fields: null }],
    ["other-fields", "body", { headers: ["authorization"], scheme: "Bearer", fields: ["x"] }],
    ["same", "no difference", { headers: ["authorization"], scheme: "Bearer", fields: null }],
  ])("%s: a pasted request with another %s", (outcome, _what, sample) => {
    const one = sent(canonical, "api", null);
    const requests = [
      { ...one, differences: differences({ url: canonical, method: "POST", ...sample }, model) },
    ];
    const edge = { post: refused, get: refused };
    expect(outcomeOf(judge(request, { requests, prediction: works, edge }))).toBe(outcome);
  });

  it("judges what was reported, and only without that what is documented", () => {
    const documented = sent(website, "website", html(405, "405"), "documented");
    const edge = { post: refused, get: refused };
    expect(
      outcomeOf(
        judge(request, {
          requests: [sent(canonical, "api", null), documented],
          prediction: works,
          edge,
        }),
      ),
    ).toBe("same");
    expect(outcomeOf(judge(request, { requests: [documented], prediction: works, edge }))).toBe(
      "other-host-405",
    );
  });

  it("always shows the corrected request", () => {
    const judgement = judge(request, {
      requests: [sent(website, "website", html(405, "405"))],
      prediction: works,
      edge: { post: refused, get: refused },
    });
    expect(JSON.stringify(judgement)).toContain("corrected request (scoped key)");
  });
});
