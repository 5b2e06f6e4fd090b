import { describe, expect, it } from "vitest";
import { toEntry } from "#facts/access-log/entry.ts";
import { endOf, listingsFor } from "#facts/access-log/files.ts";
import { createRouter } from "#facts/access-log/route.ts";
import { tally } from "#facts/access-log/tally.ts";
import { model } from "../../clients/probe/setting.ts";
import { line } from "./lines.ts";

const path = "/api/v1/models/21/predict";

describe("a line of an access log", () => {
  it("gives what was asked, who answered and how fast", () => {
    expect(toEntry(line())).toEqual({
      at: Date.parse("2026-11-21T02:51:10.186Z"),
      target: "10.0.4.31:8001",
      targetSeconds: 0.048,
      status: 200,
      targetStatus: 200,
      method: "POST",
      host: "api.hokus.ai",
      path,
      own: false,
      actions: "forward",
      reason: null,
    });
  });

  it.each([
    [
      "no answer of a target",
      { status: 504, targetStatus: "-", seconds: "-1" },
      { targetStatus: null, targetSeconds: null },
    ],
    [
      "no target",
      { status: 503, target: "-", targetStatus: "-", seconds: "-1" },
      { target: null, status: 503 },
    ],
    ["a target by IPv6", { target: "[2001:db8::7]:8001" }, { target: "[2001:db8::7]:8001" }],
    ["a firewall", { status: 403, actions: "waf" }, { actions: "waf" }],
    ["two actions", { actions: "waf,fixed-response" }, { actions: "waf,fixed-response" }],
    ["a reason", { status: 561, reason: "AuthInvalidCookie" }, { reason: "AuthInvalidCookie" }],
    ["our own", { userAgent: "hokusai/0.1.0" }, { own: true }],
    ["one that only speaks of us", { userAgent: "hokusai-client/2" }, { own: false }],
    [
      "a query, which is dropped",
      { url: `https://api.hokus.ai:443${path}?email=a@b.example` },
      { path },
    ],
    ["no path", { url: "https://api.hokus.ai:443" }, { path: "/" }],
    [
      "spaces in a quoted field",
      { userAgent: "Mozilla/5.0 (X11; Linux x86_64) a b" },
      { path, actions: "forward" },
    ],
    [
      "something that is no HTTP",
      { request: "- http://30.195.12.40:80- -" },
      { method: "-", host: "30.195.12.40", path: "/" },
    ],
    ["whole seconds", { time: "2026-11-21T02:51:10Z" }, { at: Date.parse("2026-11-21T02:51:10Z") }],
    ["fields that AWS adds later", { more: ' "one" 2 "three four"' }, { path, actions: "forward" }],
  ])("with %s", (_, change, expected) => {
    expect(toEntry(line(change))).toMatchObject(expected);
  });

  it("of the first version of the format is one", () => {
    const first = line().split(" TLS_")[0] ?? "";
    expect(toEntry(first)).toMatchObject({ status: 200, path, actions: null });
  });

  it.each([
    ["empty", ""],
    ["a page of HTML", "<html><body>Sign in to continue</body></html>"],
    ["cut in the middle", line().slice(0, 90)],
    ["without a time", line({ time: "yesterday" })],
    ["with a status that is none", line({ status: 20 })],
    ["with a target's status that is none", line({ targetStatus: "ok" })],
    [
      "of a network load balancer",
      "tls 2.0 2026-11-21T02:51:10 net/nlb/1 listener 1.2.3.4:1 10.0.0.1:443 5 2 98 246 - arn:aws:acm - ECDHE tlsv12 - name - - -",
    ],
  ])("is none when it is %s", (_, text) => {
    expect(toEntry(text)).toBeNull();
  });
});

describe("a path", () => {
  it.each([
    [path, "prediction", path],
    [`${path}/`, "prediction", path],
    ["/api/v1/models/22/predict", "service", "/api/v1/models/22/predict"],
    [
      "/api/v1/models/0d1f6c1e-3c1b-4d0c-9f7a-2b8f0c9d1e2f/info",
      "service",
      "/api/v1/models/0d1f6c1e-3c1b-4d0c-9f7a-2b8f0c9d1e2f/info",
    ],
    ["/health", "service", "/health"],
    ["/api/models/21/predict", "other", "/api/models/21/predict"],
    ["/api/v1/models/jane@customer.example/predict", "service", "/api/v1/models/*/predict"],
    ["/api/v1/models/hk_live_abc/predict", "service", "/api/v1/models/*/predict"],
    ["/api/v2/users/4711", "other", "/api/v2/*/*"],
    ["/wp-login.php", "other", "/*"],
    ["/", "other", "/"],
    ["/a/b/c/d/e/f/g/h/i/j", "other", "/*/*/*/*/*/*/*/*/..."],
  ])("%s is of kind %s and shown as %s", (asked, kind, pattern) => {
    expect(createRouter(model)(asked)).toEqual({ kind, pattern });
  });
});

describe("a tally", () => {
  const counted = (changes: readonly Parameters<typeof line>[0][]) =>
    tally(
      changes.flatMap((change) => toEntry(line(change)) ?? []),
      model,
    );

  it("counts what is alike once, without our own and without other hosts", () => {
    const seen = counted([
      {},
      { client: "203.0.113.9:1" },
      { status: 504, targetStatus: "-", seconds: "-1" },
      { userAgent: "hokusai/0.1.0" },
      { url: "https://30.195.12.40:443/" },
      { method: "PROPFIND" },
    ]);
    expect(
      seen.rows.map(({ method, status, targetStatus, count }) => [
        method,
        status,
        targetStatus,
        count,
      ]),
    ).toEqual([
      ["POST", 200, 200, 2],
      ["POST", 504, null, 1],
      ["other", 200, 200, 1],
    ]);
    expect([seen.own, seen.elsewhere, seen.more]).toEqual([1, 1, 0]);
  });

  it("times predictions that a target answered, and gives a percentile of enough of them only", () => {
    const slow = { seconds: String(model.prediction.withinSeconds + 1) };
    const few = counted([{}, slow, { status: 504, targetStatus: "-", seconds: "-1" }]);
    expect(few.predictions).toEqual({ timed: 2, slow: 1, p95: null });
    const many = counted(Array.from({ length: 40 }, (_, i) => (i < 3 ? slow : {})));
    expect(many.predictions).toEqual({
      timed: 40,
      slow: 3,
      p95: model.prediction.withinSeconds + 1,
    });
  });

  it("keeps the most frequent rows and says how many requests are in no row", () => {
    const seen = counted([
      ...Array.from({ length: 300 }, (_, i) => ({ target: `10.0.4.${i % 100}:8001` })),
      { target: "10.0.9.9:8001" },
    ]);
    expect([seen.rows.length, seen.more]).toEqual([80, 61]);
  });
});

describe("the files of an access log", () => {
  const arn =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/main/50dc6c495c0c9188";
  const at = Date.parse;

  it("lie in the folder of their day", () => {
    const start =
      "logs/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/11/21/123456789012_elasticloadbalancing_us-east-1_app.main.50dc6c495c0c9188_";
    expect(
      listingsFor(
        arn,
        { bucket: "b", prefix: "logs" },
        at("2026-11-21T02:46:30Z"),
        at("2026-11-21T03:01:30Z"),
      ),
    ).toEqual([{ prefix: start, after: `${start}20261121T0246Z` }]);
  });

  it("lie in two folders around midnight: the folder is the day of the delivery", () => {
    const listings = listingsFor(
      arn,
      { bucket: "b", prefix: "" },
      at("2026-11-30T23:50:00Z"),
      at("2026-12-01T00:05:00Z"),
    );
    expect(listings.map(({ prefix }) => /\d{4}\/\d\d\/\d\d/u.exec(prefix)?.[0])).toEqual([
      "2026/11/30",
      "2026/12/01",
    ]);
    expect(listings.every(({ after }) => after.endsWith("_20261130T2350Z"))).toBe(true);
    expect(listings.every(({ prefix }) => prefix.startsWith("AWSLogs/"))).toBe(true);
  });

  it.each([
    [
      "x/123456789012_elasticloadbalancing_us-east-1_app.main.1_20261121T0250Z_30.195.12.40_20sg8hgm.log.gz",
      at("2026-11-21T02:50:00Z"),
    ],
    ["x/ELBAccessLogTestFile", null],
  ])("%s ends %s", (key, end) => {
    expect(endOf(key)).toBe(end);
  });
});
