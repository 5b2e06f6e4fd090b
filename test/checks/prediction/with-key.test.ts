import { describe, expect, it } from "vitest";
import { withKey } from "#checks/prediction/with-key.ts";
import {
  answered,
  balancer,
  failed,
  html,
  judge,
  notAllowed,
  now,
  outcomeOf,
} from "../observations.ts";

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
    ["refused-4xx", answered(402), null],
    ["refused-4xx", answered(415), null],
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

  const at = new Date(now - 5 * 60_000).toISOString();
  const traffic = (requests: number, target4xx: number) => ({
    loadBalancers: [
      {
        requests: [{ at, value: requests }],
        elb5xx: [],
        target5xx: [],
        target4xx: [{ at, value: target4xx }],
      },
    ],
  });

  it.each([
    ["own-key-refused", 401, traffic(200, 3), null],
    ["own-key-refused", 403, traffic(20, 0), "timeout"],
    // Many are refused, nobody asks, or a customer says that they are refused.
    ["unauthorised-401", 401, traffic(200, 4), null],
    ["unauthorised-401", 401, traffic(19, 0), null],
    ["forbidden-403", 403, traffic(200, 0), "403"],
    ["unauthorised-401", 401, traffic(200, 0), "401"],
    ["not-found-404", 404, traffic(200, 0), null],
  ] as const)(
    "%s after %i, with the traffic %j and the complaint %s",
    (outcome, status, metrics, symptom) => {
      const body = status === 404 ? { detail: "Model 21 not found" } : undefined;
      const prediction = { seen: answered(status, body), contract: null, waitedSeconds: 10 };
      const reported =
        symptom === null ? null : { symptom, url: null, method: "POST", at: null, requestId: null };
      expect(outcomeOf(judge(withKey, { prediction, metrics }, undefined, reported))).toBe(outcome);
    },
  );

  it("does not take a 200 for a sign of life of the auth service", () => {
    const judgement = judge(withKey, {
      prediction: { seen: answered(200), contract: holds, waitedSeconds: 10 },
    });
    expect(judgement).toMatchObject({
      summary: expect.stringContaining("proves nothing of the auth service"),
    });
  });
});
