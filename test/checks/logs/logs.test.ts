import { describe, expect, it } from "vitest";
import { auth } from "#checks/logs/auth.ts";
import { database } from "#checks/logs/database.ts";
import { hub } from "#checks/logs/hub.ts";
import { methodNotAllowed } from "#checks/logs/method-not-allowed.ts";
import { modelErrors } from "#checks/logs/model-errors.ts";
import { onset } from "#checks/logs/onset.ts";
import { redis } from "#checks/logs/redis.ts";
import { startup } from "#checks/logs/startup.ts";
import { stream } from "#checks/logs/stream.ts";
import { groupLines } from "#facts/log-lines/group-lines.ts";
import { wordingOf } from "#facts/log-lines/wording.ts";
import { ago, judged, now, summaryOf, target } from "../samples.ts";

const lines = (texts: readonly string[], complete = true) => ({
  lines: {
    from: ago(15),
    to: ago(0),
    complete,
    groups: groupLines(
      texts.map((text, i) => ({ at: now - 600_000 + i * 1_000, stream: "ecs/api/a", text })),
      wordingOf(target),
    ),
  },
});
const timeout = "ERROR auth service timeout after 10.0s";
const missing = "RuntimeError: HUB_KEY environment variable is required";
const crash = "ERROR:    Application startup failed. Exiting.";
const started = "INFO:     Application startup complete.";

describe("what the log window holds", () => {
  it.each([
    ["none", startup, []],
    ["missing-variable", startup, [missing, crash]],
    ["crash", startup, [crash]],
    ["none", startup, [crash, started]],
    ["crash", startup, [started, crash]],
    ["none", auth, ["INFO all well"]],
    ["timeouts", auth, [timeout, "ERROR auth service refused the connection"]],
    ["errors", auth, ["ERROR auth service: connection refused"]],
    ["none", redis, []],
    [
      "errors",
      redis,
      ["redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused."],
    ],
    ["none", hub, []],
    ["errors", hub, ["huggingface_hub.errors.HfHubHTTPError: 503 Server Error"]],
    ["none", database, []],
    ["errors", database, ["psycopg.OperationalError: connection refused"]],
    [
      "none",
      methodNotAllowed,
      ['INFO: 10.0.0.1:1 - "POST /api/v1/models/21/predict HTTP/1.1" 200 OK'],
    ],
    [
      "some",
      methodNotAllowed,
      ['INFO: 10.0.0.1:1 - "POST /api/v1/models/21/predict HTTP/1.1" 405 Method Not Allowed'],
    ],
    ["none", modelErrors, []],
    [
      "some",
      modelErrors,
      ['INFO: 10.0.0.1:1 - "POST /api/v1/models/21/predict HTTP/1.1" 500 Internal Server Error'],
    ],
  ])("%s", (outcome, check, texts) => {
    expect(judged(check, lines(texts))).toBe(outcome);
  });

  it.each([[startup], [auth], [redis], [hub], [database], [methodNotAllowed], [modelErrors]])(
    "nothing seen in a part of the window proves nothing; no log group proves nothing",
    (check) => {
      expect(judged(check, lines([], false))).toBe("not run");
      expect(judged(check, { lines: { ...lines([]).lines, groups: null } })).toBe("not run");
    },
  );

  it("counts, dates and quotes", () => {
    expect(summaryOf(auth, lines([timeout, timeout]))).toBe(
      `2 lines between 02:45 and 03:00 UTC, the first 02:50, newest: ${timeout}`,
    );
    expect(summaryOf(startup, lines([missing]))).toBe(
      `HUB_KEY missing: 1 line between 02:45 and 03:00 UTC, newest: ${missing}`,
    );
  });
});

describe("a name that does not resolve beside other trouble", () => {
  const refused =
    "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.";
  const gone =
    "redis.exceptions.ConnectionError: Error -2 connecting to cache:6379. Name or service not known.";
  const authGone = "ERROR auth service: httpx.ConnectError: [Errno -2] Name or service not known";
  const times = (count: number, text: string) => Array.from({ length: count }, () => text);

  it.each([
    ["only names", [...times(12, gone)], "unresolved"],
    ["only others", [...times(12, refused)], "errors"],
    ["names at last", [...times(30, refused), ...times(6, gone)], "unresolved"],
    ["others at last", [...times(30, gone), ...times(6, refused)], "errors"],
    ["a straggler at last", [...times(12, gone), refused], "unresolved"],
    ["as many of each, a name last", [...times(5, refused), ...times(5, gone)], "unresolved"],
    ["as many of each, another last", [...times(5, gone), ...times(5, refused)], "errors"],
  ])("%s", (_name, texts, outcome) => {
    expect(judged(redis, lines(texts))).toBe(outcome);
  });

  it.each([
    ["unresolved", [...times(4, timeout), ...times(9, authGone)]],
    ["timeouts", [...times(9, authGone), ...times(9, timeout)]],
    ["errors", [...times(9, authGone), ...times(9, "ERROR auth service: connection refused")]],
  ])("the auth service: %s", (outcome, texts) => {
    expect(judged(auth, lines(texts))).toBe(outcome);
  });

  it.each([
    [redis, times(12, gone), "12 lines: the name of Redis does not resolve (newest 02:50 UTC)"],
    [auth, [authGone], "1 line: the name of the auth service does not resolve (newest 02:50 UTC)"],
    [
      redis,
      [...times(3, refused), ...times(9, gone)],
      "9 lines: the name of Redis does not resolve (newest 02:50 UTC); 3 lines of other trouble (newest 02:50 UTC)",
    ],
    [
      redis,
      [gone, ...times(3, refused)],
      `3 lines between 02:45 and 03:00 UTC, the first 02:50, newest: ${refused}; 1 line: the name of Redis does not resolve (newest 02:50 UTC)`,
    ],
  ])("says both counts: %#", (check, texts, summary) => {
    expect(summaryOf(check, lines(texts))).toBe(summary);
  });

  it("says that it saw a part of the window only", () => {
    expect(summaryOf(redis, lines([gone], false))).toBe(
      "at least 1 line: the name of Redis does not resolve (newest 02:50 UTC)",
    );
  });
});

describe("logs/stream", () => {
  const streams = (change: object) => ({
    streams: {
      group: "/ecs/api",
      groupFound: true,
      task: { id: "aaaa0000", createdAt: ago(10), lastStatus: "RUNNING" },
      stream: { name: "ecs/api/aaaa0000", firstAt: ago(9), lastAt: ago(1) },
      newest: null,
      ...change,
    },
  });
  it.each([
    ["present", streams({})],
    ["no-stream", streams({ stream: null })],
    [
      "not run",
      streams({ stream: null, task: { id: "a", createdAt: ago(0.5), lastStatus: "PENDING" } }),
    ],
    ["group-missing", streams({ groupFound: false, stream: null })],
    ["not run", streams({ task: null, stream: null })],
  ])("%s", (outcome, facts) => {
    expect(judged(stream, facts)).toBe(outcome);
  });
});

describe("logs/onset", () => {
  const history = (counts: readonly number[], complete = true) => ({
    history: { from: ago(counts.length), to: ago(0), complete, counts },
  });
  const quiet = Array.from({ length: 331 }, () => 0);
  it.each([
    ["none", history(Array.from({ length: 360 }, () => 0))],
    ["onset", history([...quiet, ...Array.from({ length: 29 }, () => 8)])],
    ["not run", history([0, 0, 9], false)],
  ])("%s", (outcome, facts) => {
    expect(judged(onset, facts)).toBe(outcome);
  });

  it.each([
    [
      "errors that stopped",
      [9, 9, 9],
      26,
      "errors began 02:31 UTC ±3 min in the API's log (the last 02:33 UTC)",
    ],
    ["bursts that may come again", [9, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 9], 11, null],
    ["a few quiet minutes of rare ones", [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1], 3, null],
  ])("says of %s whether they go on", (_name, errors, quietSince, said) => {
    const start = quiet.slice(0, 360 - errors.length - quietSince);
    const counts = [...start, ...errors, ...Array.from({ length: quietSince }, () => 0)];
    const summary = summaryOf(onset, history(counts));
    if (said === null) expect(summary).not.toContain("the last");
    else expect(summary).toBe(said);
  });

  it("says when, with an interval", () => {
    const facts = history([...quiet, ...Array.from({ length: 29 }, () => 8)]);
    expect(summaryOf(onset, facts)).toBe("errors began 02:31 UTC ±1 min in the API's log");
  });

  it.each([
    ["onset", "as many requests as before", () => 8],
    ["none", "twice the requests, and twice the errors", (i: number) => (i < 180 ? 8 : 16)],
    ["onset", "nobody calls any more", (i: number) => (i < 180 ? 8 : 0)],
  ])("%s with %s", (outcome, _why, requestsAt) => {
    const counts = Array.from({ length: 360 }, (_, i) => (i < 180 ? 4 : 8));
    const requests = counts.slice(0, 358).map((_, i) => requestsAt(i));
    const none = requests.map(() => 0);
    const known = { from: ago(360), to: ago(2), requests, elb5xx: none, target5xx: none };
    expect(judged(onset, { ...history(counts), requests: known })).toBe(outcome);
    expect(judged(onset, history(counts))).toBe("onset");
  });
});
