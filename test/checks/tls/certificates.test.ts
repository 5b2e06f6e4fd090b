import { describe, expect, it } from "vitest";
import { certificates } from "#checks/tls/certificates.ts";
import { failed, judge, now, outcomeOf } from "../observations.ts";

const shown = (outcome: string, days: number) => ({
  role: "api",
  host: "api.hokus.ai",
  outcome,
  code: outcome === "answered" ? null : "X",
  certificate: {
    subject: "a",
    issuer: "b",
    names: ["api.hokus.ai"],
    validFrom: "2026-01-01T00:00:00.000Z",
    validTo: new Date(now + days * 86_400_000).toISOString(),
  },
});

describe("tls/certificates", () => {
  it.each([
    ["valid", [shown("answered", 90)]],
    ["expires-soon", [shown("answered", 90), shown("answered", 5)]],
    ["expired", [shown("answered", 90), shown("certificate-expired", -1)]],
    ["not-yet-valid", [shown("certificate-not-yet-valid", 90)]],
    ["wrong-name", [shown("certificate-wrong-name", 90)]],
    ["untrusted", [shown("certificate-untrusted", 90)]],
    ["untrusted", [shown("certificate-self-signed", 90)]],
    ["not run: not-applicable", [{ role: "api", ...failed("connect-timeout") }]],
  ])("%s", (outcome, hosts) => {
    expect(outcomeOf(judge(certificates, { hosts }))).toBe(outcome);
  });
});
