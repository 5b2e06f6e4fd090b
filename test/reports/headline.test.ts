import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headlineOf } from "#reports/headline.ts";
import { anyRun } from "./any-run.ts";
import { diagnosis, faultRun, finding, hypothesis, notRun, runningRun } from "./example-run.ts";

const reported = { symptom: "405", url: null, method: "POST", at: null, requestId: null } as const;
const callerFault = diagnosis({
  leading: ["wrong-host"],
  hypotheses: [
    hypothesis("wrong-host", 0.94, {
      verdict: "confirmed",
      side: "caller",
      claim: "The customer calls a host that is not the API",
    }),
  ],
});

describe("headline", () => {
  it.each([
    ["a run that goes on", runningRun(), "Model 21: checking ... 1 of 5"],
    [
      "a fault that customers feel",
      faultRun(),
      "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
    ],
    [
      "a first verdict",
      faultRun({ endedAt: null, depth: "fast" }),
      "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service. (first verdict, still checking)",
    ],
    [
      "a first verdict that tells nothing",
      faultRun({
        endedAt: null,
        depth: "fast",
        diagnosis: diagnosis({ verdict: "inconclusive", leading: [], inconclusiveBecause: "x" }),
        findings: [finding("edge/reach", "ok", "app", "401")],
      }),
      "Model 21: checking ... 2 of 5, nothing wrong so far",
    ],
    [
      "a fault behind predictions that are answered",
      faultRun({ findings: [finding("prediction/with-key", "ok", "answered", "200 in 180 ms")] }),
      "Model 21 answers, with a fault behind it: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
    ],
    [
      "a fault whose effect was not seen",
      faultRun({ findings: [finding("edge/reach", "ok", "app", "401")] }),
      "Model 21 has a fault: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
    ],
    [
      "a fault of the caller",
      faultRun({
        diagnosis: callerFault,
        findings: [finding("prediction/with-key", "ok", "answered", "200 in 180 ms")],
      }),
      "Model 21 works; the caller's side does not: wrong host (confirmed, 94%). The customer calls a host that is not the API. Not an outage.",
    ],
    [
      "two faults",
      faultRun({
        diagnosis: diagnosis({
          leading: ["redis-down", "auth-unreachable"],
          hypotheses: [
            hypothesis("auth-unreachable", 0.97, { verdict: "confirmed" }),
            hypothesis("redis-down", 0.6, { verdict: "likely" }),
          ],
        }),
      }),
      "Model 21 is down for customers: Redis down (likely, 60%) and auth unreachable (confirmed, 97%).",
    ],
    [
      "health with every check",
      faultRun({
        diagnosis: diagnosis({ verdict: "healthy", leading: [] }),
        notRun: [],
        findings: ["a/a", "a/b", "a/c", "a/d", "a/e"].map((id) => finding(id, "ok", "x", "y")),
      }),
      "Model 21 is healthy: all 5 checks ran and nothing is wrong.",
    ],
    [
      "health as far as it was seen",
      faultRun({ diagnosis: diagnosis({ verdict: "healthy", leading: [] }) }),
      "Model 21 is healthy as far as 4 of 5 checks can tell.",
    ],
    [
      "a report that does not show",
      faultRun({ reported, diagnosis: diagnosis({ verdict: "not-reproduced", leading: [] }) }),
      "Model 21: not reproduced. The reported 405 did not show in 4 of 5 checks.",
    ],
    [
      "no way to tell",
      faultRun({
        findings: [finding("edge/reach", "ok", "app", "401")],
        notRun: [notRun("ecs/rollout"), notRun("ecs/service-running")],
        diagnosis: diagnosis({
          verdict: "inconclusive",
          leading: [],
          inconclusiveBecause: "AWS denied 2.",
          hypotheses: [hypothesis("service-not-running", 0.41, { verdict: "possible" })],
        }),
      }),
      "Model 21: inconclusive. 1 of 5 checks ran: AWS denied 2. What ran is healthy. Likeliest of what is left: service not running (41%).",
    ],
    [
      "a run that was stopped",
      faultRun({ diagnosis: null, stopped: "cancelled" }),
      "Model 21: inconclusive, the check was stopped before its verdict.",
    ],
    [
      "a run that broke",
      faultRun({ diagnosis: null, stopped: "failed", problem: "no plan" }),
      "Model 21: inconclusive, the check itself failed: no plan.",
    ],
  ])("says %s", (_name, run, expected) => {
    expect(headlineOf(run)).toBe(expected);
  });

  it("names the verdict in the first 80 characters, behind a mention too, and never calls a doubt healthy", () => {
    const verdicts = {
      fault: /fault|is down|answers|works/u,
      healthy: /healthy/u,
      "not-reproduced": /not reproduced/u,
      inconclusive: /inconclusive/u,
    };
    fc.assert(
      fc.property(anyRun, (run) => {
        if (run.diagnosis === null) return;
        if (run.endedAt === null && run.diagnosis.verdict === "inconclusive") return;
        const headline = headlineOf(run);
        expect(`<@U012345678901> ${headline}`.slice(0, 80)).toMatch(
          verdicts[run.diagnosis.verdict],
        );
        const doubtful = run.diagnosis.verdict === "not-reproduced";
        expect(doubtful && headline.includes("healthy")).toBe(false);
      }),
      { endOnFailure: true },
    );
  });

  it.each([
    "load-balancer-misconfigured",
    "security-group-blocking",
    "huggingface-unreachable",
    "image-or-secret-pull",
    "certificate-invalid",
  ])("names %s with its weight in the first 80 characters", (id) => {
    const run = faultRun({
      diagnosis: diagnosis({
        leading: [id],
        hypotheses: [hypothesis(id, 0.97, { verdict: "confirmed" })],
      }),
    });
    expect(headlineOf(run).slice(0, 80)).toContain("(confirmed, 97%)");
  });
});
