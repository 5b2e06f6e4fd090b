import { describe, expect, it } from "vitest";
import { withKey } from "#checks/prediction/with-key.ts";
import { answered, balancer, failed, html, judge, notAllowed, outcomeOf } from "../observations.ts";

const holds = { holds: true, detail: "lead_score is 71" };

describe("prediction/with-key", () => {
  it.each([
    ["answered", answered(200), holds],
    ["wrong-shape", answered(200), { holds: false, detail: "no field" }],
    ["wrong-shape", answered(307, ""), null],
    ["unauthorised-401", answered(401), null],
    ["forbidden-403", answered(403), null],
    ["not-found-404", answered(404, { detail: "Model 21 not found" }), null],
    ["no-route-404", answered(404, { detail: "Not Found" }), null],
    ["no-route-404", balancer(404), null],
    ["method-not-allowed-405", notAllowed, null],
    ["method-not-allowed-405", html(405, "405"), null],
    ["invalid-422", answered(422), null],
    ["throttled-429", answered(429), null],
    ["server-error-5xx", answered(500), null],
    ["server-error-5xx", balancer(504), null],
    ["unavailable-503", answered(503), null],
    ["timeout", failed("headers-timeout"), null],
    ["no-connection", failed("connect-timeout"), null],
    ["no-connection", failed("certificate-expired"), null],
  ])("%s", (outcome, seen, contract) => {
    expect(outcomeOf(judge(withKey, { prediction: { seen, contract, waitedSeconds: 10 } }))).toBe(
      outcome,
    );
  });

  it("does not take a 200 for a sign of life of the auth service", () => {
    const judgement = judge(withKey, {
      prediction: { seen: answered(200), contract: holds, waitedSeconds: 10 },
    });
    expect(judgement).toMatchObject({
      summary: expect.stringContaining("proves nothing of the auth service"),
    });
  });
});
