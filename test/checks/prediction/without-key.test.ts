import { describe, expect, it } from "vitest";
import { withoutKey } from "#checks/prediction/without-key.ts";
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

describe("prediction/without-key", () => {
  it.each([
    ["refused-401", refused],
    ["unhelpful-401", answered(401, { detail: "Unauthorized" })],
    ["unhelpful-401", answered(401, "")],
    ["refused-403", answered(403, { detail: "Not authenticated" })],
    ["answered-without-key", answered(200, { predictions: {} })],
    ["answered-without-key", answered(422, { detail: [] })],
    ["another-answered", html(200, "Are you human?")],
    ["another-answered", balancer(200)],
    ["method-not-allowed", notAllowed],
    ["method-not-allowed", html(405, "405")],
    ["not-found", answered(404, { detail: "Not Found" })],
    ["server-error", balancer(503)],
    ["throttled", answered(429, { detail: "slow down" })],
    ["timeout", failed("headers-timeout")],
    ["no-connection", failed("connect-timeout")],
  ])("%s", (outcome, post) => {
    expect(outcomeOf(judge(withoutKey, { edge: { post, get: notAllowed } }))).toBe(outcome);
  });

  it.each([
    ["application", notAllowed],
    ["another-server", html(405, "405")],
  ])("says that the %s made the 405", (who, post) => {
    expect(JSON.stringify(judge(withoutKey, { edge: { post, get: post } }))).toContain(
      `${who}, Allow`,
    );
  });
});
