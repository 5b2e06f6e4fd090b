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
      `2 lines since 02:50, newest: ${timeout}`,
    );
    expect(summaryOf(startup, lines([missing]))).toBe(`HUB_KEY missing: ${missing}`);
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

  it("says when, with an interval", () => {
    const facts = history([...quiet, ...Array.from({ length: 29 }, () => 8)]);
    expect(summaryOf(onset, facts)).toBe("complaints began 2026-11-21T02:31Z (+-1 min)");
  });
});
