import { describe, expect, it } from "vitest";
import { auth } from "#checks/dependencies/auth.ts";
import { answered, balancer, failed, judge, outcomeOf } from "../observations.ts";

describe("dependencies/auth", () => {
  it.each([
    ["ok", answered(200, { status: "ok" })],
    ["ok", answered(404, { detail: "Not Found" })],
    ["timeout", failed("connect-timeout")],
    ["timeout", failed("headers-timeout")],
    ["timeout", failed("tls-timeout")],
    ["refused", failed("connection-refused")],
    ["server-error", balancer(503)],
    ["server-error", failed("closed-without-answer")],
    ["no-name", failed("no-such-name")],
    ["tls-failure", failed("certificate-expired")],
  ])("%s", (outcome, seen) => {
    expect(outcomeOf(judge(auth, { seen }))).toBe(outcome);
  });
});
