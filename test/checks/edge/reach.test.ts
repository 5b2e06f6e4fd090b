import { describe, expect, it } from "vitest";
import { reach } from "#checks/edge/reach.ts";
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

describe("edge/reach", () => {
  it.each([
    ["app", refused],
    ["app", notAllowed],
    [
      "app",
      answered(500, "Internal Server Error", {
        headers: { "content-type": "text/plain", server: "uvicorn" },
      }),
    ],
    ["app", answered(503, { detail: "auth service unavailable" })],
    [
      "load-balancer-404",
      answered(404, "", { headers: { server: "awselb/2.0", "content-type": "text/plain" } }),
    ],
    [
      "load-balancer-fixed",
      answered(200, "maintenance", {
        headers: { server: "awselb/2.0", "content-type": "text/plain" },
      }),
    ],
    [
      "load-balancer-fixed",
      html(301, "moved", { headers: { server: "awselb/2.0", location: "https://x/" } }),
    ],
    ["gateway-502", balancer(502)],
    ["gateway-502", html(502, "<h1>502 Bad Gateway</h1>", { headers: { server: "nginx" } })],
    ["gateway-503", balancer(503)],
    ["gateway-504", balancer(504)],
    ["block-page", balancer(403)],
    ["block-page", html(403, "Attention Required!", { headers: { server: "cloudflare" } })],
    ["block-page", answered(405, "", { headers: { "x-amzn-waf-action": "captcha" } })],
    ["foreign-answer", html(405, "405 Not Allowed", { headers: { server: "nginx" } })],
    ["foreign-answer", failed("not-http")],
    ["timeout", failed("headers-timeout")],
    ["timeout", failed("body-stalled")],
    ["no-connection", failed("connection-refused")],
    ["no-connection", failed("connect-timeout")],
    ["no-connection", failed("reset-before-answer")],
    ["tls-failure", failed("certificate-expired")],
    ["tls-failure", failed("tls-timeout")],
    ["no-name", failed("no-such-name")],
  ])("%s", (outcome, post) => {
    expect(outcomeOf(judge(reach, { edge: { post, get: notAllowed } }))).toBe(outcome);
  });
});
