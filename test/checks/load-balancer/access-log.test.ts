import { describe, expect, it } from "vitest";
import { accessLog } from "#checks/load-balancer/access-log.ts";
import type { AccessLog } from "#facts/access-log.ts";
import type { AccessRow } from "#facts/access-log/tally.ts";
import { ago, evidenceOf, judged, summaryOf } from "../samples.ts";

const first = "10.0.4.31:8001";
const second = "10.0.5.47:8001";

const row = (count: number, status: number, change: Partial<AccessRow> = {}): AccessRow => ({
  kind: "prediction",
  method: "POST",
  path: "/api/v1/models/21/predict",
  status,
  targetStatus: status,
  target: first,
  actions: "forward",
  reason: null,
  count,
  ...change,
});
const byBalancer = { targetStatus: null };
const nowhere = { targetStatus: null, target: null };
const health = { kind: "service", method: "GET", path: "/health" } as const;
const stray = { kind: "other", method: "GET", path: "/*" } as const;

const log = (rows: readonly AccessRow[], change: Partial<AccessLog> = {}): { log: AccessLog } => ({
  log: {
    from: ago(15),
    to: ago(0),
    files: 6,
    complete: true,
    unreadable: 0,
    off: [],
    rows,
    more: 0,
    own: 0,
    elsewhere: 0,
    predictions: { timed: 0, slow: 0, p95: null },
    ...change,
  },
});
const timed = (all: number, slow: number) => ({ predictions: { timed: all, slow, p95: null } });

describe("load-balancer/access-log", () => {
  it.each([
    ["clean", "everything answered", log([row(30, 200)])],
    ["clean", "two errors of few", log([row(10, 200), row(2, 500)])],
    ["clean", "three errors of very many", log([row(1_000, 200), row(3, 502, byBalancer)])],
    ["clean", "some refusals", log([row(80, 200), row(20, 422)])],
    [
      "clean",
      "scanners on paths of nobody",
      log([row(10, 200), row(90, 404, stray), row(9, 502, stray)]),
    ],
    ["clean", "a redirect by the API itself", log([row(5, 307), row(5, 200)])],
    ["clean", "two slow ones", log([row(30, 200)], timed(30, 2))],
    ["balancer-errors", "504", log([row(20, 200), row(5, 504, byBalancer)])],
    ["balancer-errors", "502", log([row(5, 502, byBalancer)])],
    ["balancer-errors", "503 without a target", log([row(5, 503, nowhere)])],
    [
      "balancer-errors",
      "more of them than of the API's",
      log([row(9, 504, byBalancer), row(5, 500)]),
    ],
    [
      "balancer-errors",
      "of another path of the service",
      log([row(30, 200), row(9, 504, { ...health, ...byBalancer })]),
    ],
    ["callers-gave-up", "460", log([row(20, 200), row(5, 460, byBalancer)])],
    ["target-errors", "500", log([row(20, 200), row(5, 500)])],
    ["target-errors", "503 by the API", log([row(20, 200), row(5, 503)])],
    [
      "target-errors",
      "5 of 9 predictions among a thousand health checks",
      log([row(1_000, 200, health), row(4, 200), row(5, 500)]),
    ],
    ["refused", "405", log([row(10, 405, { method: "GET" }), row(10, 200)])],
    ["refused", "401", log([row(10, 401)])],
    ["refused", "a firewall", log([row(10, 403, { ...nowhere, actions: "waf" })])],
    ["refused", "a redirect by a rule", log([row(10, 301, { ...nowhere, actions: "redirect" })])],
    ["slow", "a tenth late", log([row(30, 200)], timed(30, 3))],
    ["refused", "late and refused", log([row(30, 422)], timed(30, 30))],
    ["not run", "no file", log([], { files: 0 })],
    ["not run", "no request of the service", log([], { elsewhere: 50 })],
    ["not run", "scanners alone", log([row(9, 404, stray)])],
    ["not run", "most lines are none", log([row(4, 200)], { unreadable: 5 })],
  ])("%s: %s", (outcome, _, facts) => {
    expect(judged(accessLog, facts)).toBe(outcome);
  });

  it.each([
    [
      "of 214 requests between 02:45 and 03:00 UTC: 31 answered 504 by the load balancer (no answer from 10.0.4.31:8001); of 60 predictions of model 21: 31",
      log([row(31, 504, byBalancer), row(29, 200), row(154, 200, health)]),
    ],
    [
      "of 10 predictions of model 21 between 02:45 and 03:00 UTC: 6 answered 503 by the load balancer (no target to send it to); 4 answered 502 by the load balancer (refused or reset by 10.0.4.31:8001)",
      log([row(6, 503, nowhere), row(4, 502, byBalancer)]),
    ],
    [
      "of 8 predictions of model 21 between 02:45 and 03:00 UTC: 8 to POST /api/v1/models/21/predict answered 405 by the API (10.0.4.31:8001, 10.0.5.47:8001)",
      log([row(4, 405), row(4, 405, { target: second })]),
    ],
    [
      "of 9 predictions of model 21 between 02:45 and 03:00 UTC: 5 given up by the caller (460; no answer yet from 10.0.5.47:8001); of the newest lines only",
      log([row(5, 460, { ...byBalancer, target: second }), row(4, 200)], { complete: false }),
    ],
    [
      "of 5 predictions of model 21 between 02:45 and 03:00 UTC: 5 answered 561 by the load balancer (authenticate, AuthInvalidCookie)",
      log([row(5, 561, { ...nowhere, actions: "authenticate", reason: "AuthInvalidCookie" })]),
    ],
    [
      "of 30 predictions of model 21 between 02:45 and 03:00 UTC: none failed; 6 of 30 took longer than 2 s",
      log([row(30, 200)], timed(30, 6)),
    ],
    [
      "no request for this service in the access log between 02:45 and 03:00 UTC (main keeps none)",
      log([], { elsewhere: 3, off: ["main"] }),
    ],
    ["5 of 9 lines of the access log are no entries", log([row(4, 200)], { unreadable: 5 })],
  ])("says: %s", (summary, facts) => {
    expect(summaryOf(accessLog, facts)).toBe(summary);
  });

  it("shows which target makes the errors, what else was asked, and what was not read", () => {
    const facts = log(
      [row(12, 200, { target: second }), row(9, 500), row(3, 200), row(4, 404, stray)],
      { unreadable: 2, off: ["second"], complete: false },
    );
    const seen = evidenceOf(accessLog, facts).map(({ label, seen: what }) => `${label}: ${what}`);
    expect(seen).toEqual([
      "POST /api/v1/models/21/predict: 9 answered 500 by the API (10.0.4.31:8001)",
      "target 10.0.4.31:8001: 9 of 12 requests failed",
      "target 10.0.5.47:8001: 0 of 12 requests failed",
      "paths that the API does not serve: 4 requests: GET /* (404)",
      "lines that are no entry: 2",
      "load balancers without a log: second",
      "read: 6 files, to 03:00 UTC: later requests are not published yet; there was more to read",
    ]);
  });
});
