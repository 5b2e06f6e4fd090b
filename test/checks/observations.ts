/** Observations as the probe makes them, for rows of judge tests. */
import type { Check, Judgement } from "#core/check.ts";
import type { HttpObservation, HttpOutcome, Phase } from "#core/ports/probe.ts";
import { familyOf } from "#core/observation.ts";
import type { Reported, Target } from "#core/target.ts";
import { model } from "../clients/probe/setting.ts";

export const now = Date.parse("2026-11-20T12:00:00Z");
const never = { dns: null, connect: null, tls: null, headers: null, body: null };

export const answered = (
  status: number,
  body: unknown = {},
  more: Partial<HttpObservation> = {},
): HttpObservation => ({
  host: "api.hokus.ai",
  port: 443,
  address: "192.0.2.1",
  vantage: "internet",
  outcome: "answered",
  phase: null,
  code: null,
  timings: { dns: 1, connect: 2, tls: 3, headers: 4, body: 1 },
  totalMs: 12,
  certificate: null,
  method: "POST",
  url: "https://api.hokus.ai/api/v1/models/21/predict",
  requestId: "hokusai-r-1",
  key: "none",
  status,
  bodyCut: false,
  body: typeof body === "string" ? body : JSON.stringify(body),
  ...more,
  headers: {
    ...(typeof body === "string" ? {} : { "content-type": "application/json" }),
    ...more.headers,
  },
});

export const html = (
  status: number,
  text: string,
  more: Partial<HttpObservation> = {},
): HttpObservation =>
  answered(status, `<html><body>${text}</body></html>`, {
    ...more,
    headers: { "content-type": "text/html", ...more.headers },
  });

export const balancer = (status: number, text = "<center>x</center>"): HttpObservation =>
  html(status, text, { headers: { server: "awselb/2.0" } });

export const failed = (
  outcome: HttpOutcome,
  more: Partial<HttpObservation> = {},
): HttpObservation => {
  const phases: Readonly<Record<string, Phase>> = {
    name: "dns",
    connect: "connect",
    tls: "tls",
    timeout: "headers",
    broken: "headers",
  };
  return answered(0, "", {
    outcome,
    status: null,
    phase: phases[familyOf({ outcome })] ?? null,
    code: "X",
    timings: never,
    totalMs: 3_000,
    ...more,
  });
};

export const refused = answered(401, {
  detail: "Missing API key: send Authorization: Bearer <key>",
});
export const notAllowed = answered(
  405,
  { detail: "Method Not Allowed" },
  { headers: { allow: "GET" } },
);

export const outcomeOf = (judgement: Judgement): string =>
  "notRun" in judgement
    ? `not run: ${judgement.notRun.reason}`
    : "lacks" in judgement
      ? `lacks ${judgement.lacks}`
      : judgement.outcome;

/** Judges plain values as the engine would. */
export function judge(
  check: unknown,
  facts: object,
  target: Target = model,
  reported: Reported | null = null,
): Judgement {
  return (check as Check).judge(facts as never, { target, reported, now });
}
