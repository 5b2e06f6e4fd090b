/** Log checks over real CloudWatch calls: what each kind of line makes of them, and of which window. */
import { describe, expect, it } from "vitest";
import { attempt } from "#checks/logs/attempt.ts";
import { auth } from "#checks/logs/auth.ts";
import { database } from "#checks/logs/database.ts";
import { hub } from "#checks/logs/hub.ts";
import { methodNotAllowed } from "#checks/logs/method-not-allowed.ts";
import { modelErrors } from "#checks/logs/model-errors.ts";
import { onset } from "#checks/logs/onset.ts";
import { redis } from "#checks/logs/redis.ts";
import { startup } from "#checks/logs/startup.ts";
import { stream } from "#checks/logs/stream.ts";
import type { Check } from "#core/check.ts";
import type { Reported } from "#core/target.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import { appendLog, type WorldState } from "../../../src/sandbox/world/state.ts";
import { openAwsBench } from "../aws-bench.ts";

const group = "/ecs/hokusai-api-development";
const minute = 60_000;
const day = 24 * 60 * minute;

interface Setting {
  /** Minutes before now, and the line. */
  readonly lines?: readonly (readonly [minutesAgo: number, text: string])[];
  readonly reported?: Partial<Reported>;
  /** Minutes before now. */
  readonly attemptAgo?: number;
  readonly change?: (state: WorldState) => void;
}

async function judged(
  check: unknown,
  setting: Setting,
): Promise<{ outcome: string; said: string }> {
  const state = createWorldState();
  const now = state.now();
  for (const [ago, text] of setting.lines ?? [])
    appendLog(state, group, "api/hokusai-api/a", text, now - ago * minute);
  setting.change?.(state);
  const ago = setting.attemptAgo;
  const reported: Reported = {
    symptom: null,
    url: null,
    method: "POST",
    at: ago === undefined ? null : new Date(now - ago * minute).toISOString(),
    requestId: null,
    ...setting.reported,
  };
  await using bench = await openAwsBench(state, {}, undefined, reported);
  const of = check as Check;
  return { outcome: await bench.outcome(of), said: await bench.said(of) };
}

const timeout = "ERROR auth service timeout after 10.0s";
const refused =
  'INFO: 10.0.0.1:1 - "POST /api/v1/models/21/predict HTTP/1.1" 405 Method Not Allowed';
const failed =
  'INFO: 10.0.0.1:1 - "POST /api/v1/models/21/predict HTTP/1.1" 500 Internal Server Error';
const cache =
  "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.";
const store = "psycopg.OperationalError: connection failed: Connection refused";
const models = "huggingface_hub.errors.HfHubHTTPError: 503 Server Error";
const crash = "ERROR:    Application startup failed. Exiting.";
const own = `${timeout} request_id=hokusai-0f8fad5b-d9cb-469f-a165-70867728950e-3`;

describe("the newest minutes", () => {
  it.each([
    ["a start-up error", startup, crash, "crash"],
    ["the auth service", auth, timeout, "timeouts"],
    ["Redis", redis, cache, "errors"],
    ["the database", database, store, "errors"],
    ["the hub", hub, models, "errors"],
    ["a 405 of the API itself", methodNotAllowed, refused, "some"],
    ["a server error of the model", modelErrors, failed, "some"],
  ] as const)("%s", async (_name, check, text, outcome) => {
    expect((await judged(check, { lines: [[3, text]] })).outcome).toBe(outcome);
    expect((await judged(check, { lines: [[30, text]] })).outcome).toBe("none");
  });

  it("counts by wording, without our own requests, and shows one example without its secrets", async () => {
    const secret = "hk_live_0123456789abcdef";
    const { said } = await judged(auth, {
      lines: [
        [5, `${timeout} for request 9f86d081884c`],
        [4, `ERROR auth service timeout after 10.2s for request 2c26b46b68ff`],
        [3, own],
        [2, `ERROR auth service refused ${secret}: connection refused`],
      ],
    });
    expect(said).toContain("3 lines between");
    expect(said).toContain("2 x: ERROR auth service timeout after <n>s for request <hex>");
    expect(said).toContain("newest: ERROR auth service refused [api key removed]");
    expect(said).not.toContain(secret);
  });

  it("sees that the newest task writes nothing", async () => {
    expect((await judged(stream, {})).outcome).toBe("no-stream");
  });

  it("leaves our own requests out of the onset", async () => {
    const every = (text: string) =>
      Array.from({ length: 120 }, (_, i) => [1 + i / 4, text] as const);
    expect((await judged(onset, { lines: every(timeout) })).outcome).toBe("onset");
    expect((await judged(onset, { lines: every(own) })).outcome).toBe("none");
  });
});

describe("around the customer's attempt", () => {
  it.each([
    ["a start-up error", crash, "startup-errors"],
    ["the auth service", timeout, "auth-errors"],
    ["Redis", cache, "dependency-errors"],
    ["a 405 of the API itself", refused, "method-not-allowed"],
    ["a server error of the model", failed, "model-errors"],
    ["an error of no known kind", "ZeroDivisionError: division by zero", "other-errors"],
    ["our own request", own, "none"],
  ])("%s", async (_name, text, outcome) => {
    const near = { attemptAgo: 90, lines: [[87, text]] } as const;
    expect((await judged(attempt, near)).outcome).toBe(outcome);
    const far = { attemptAgo: 90, lines: [[80, text]] } as const;
    expect((await judged(attempt, far)).outcome).toBe("none");
  });

  it("says of which window it speaks, and what the newest minutes say is theirs alone", async () => {
    const setting = {
      attemptAgo: 90,
      lines: [
        [91, timeout],
        [90, timeout],
      ],
    } as const;
    const { said } = await judged(attempt, setting);
    expect(said).toMatch(/^2 lines between \d\d:\d\d and \d\d:\d\d UTC, the first/u);
    expect((await judged(auth, setting)).outcome).toBe("none");
  });

  it("dates a window that is not of these hours", async () => {
    const { said } = await judged(attempt, {
      attemptAgo: 26 * 60,
      lines: [[26 * 60, timeout]],
    });
    expect(said).toMatch(/^1 line between \d{4}-\d\d-\d\d \d\d:\d\d and \d{4}-/u);
  });

  it.each([
    ["no line has", "req-other"],
    ["1 with", "req-7c1e"],
  ])("looks for the request's own id: %s", async (words, requestId) => {
    const line = "INFO POST /api/v1/models/21/predict x-request-id: req-7c1e";
    const { said } = await judged(attempt, {
      attemptAgo: 90,
      lines: [[90, line]],
      reported: { requestId },
    });
    expect(said).toContain(`${words} the request's id`);
  });

  const retained = (days: number) => (state: WorldState) => {
    for (const one of state.logs.groups) one.retentionInDays = days;
  };
  const created = (ms: number) => (state: WorldState) => {
    for (const one of state.logs.groups) one.creationTime = state.now() - ms;
  };
  it.each([
    ["nobody said when", {}, "nobody said when it happened"],
    ["it lies in the future", { attemptAgo: -60 }, "lies in the future"],
    [
      "the group keeps less",
      { attemptAgo: 8 * 24 * 60, change: retained(7) },
      `what ${group} holds: it keeps 7 days`,
    ],
    [
      "the group is younger",
      { attemptAgo: 60, change: created(10 * minute) },
      `what ${group} holds: it was created`,
    ],
    [
      "the group is gone",
      {
        attemptAgo: 60,
        change: (state: WorldState) => {
          state.logs.groups = state.logs.groups.filter((one) => one.name !== group);
        },
      },
      "the log group does not exist",
    ],
    [
      "nobody may see what it keeps",
      {
        attemptAgo: 60,
        change: (state: WorldState) => {
          state.controlPlane.deniedActions = new Set(["logs:DescribeLogGroups"]);
        },
      },
      "grant logs:DescribeLogGroups",
    ],
  ])("is not run where %s", async (_name, setting, detail) => {
    const { outcome } = await judged(attempt, setting);
    expect(outcome).toMatch(/^not run: /u);
    expect(outcome).toContain(detail);
  });

  it("is not run where lines were written and are not kept any more", async () => {
    const { outcome } = await judged(attempt, {
      attemptAgo: 8 * 24 * 60,
      lines: [[8 * 24 * 60, timeout]],
      change: retained(7),
    });
    expect(outcome).toContain("it keeps 7 days");
  });

  it("finds nothing, and says so, within what the group keeps", async () => {
    const kept = { attemptAgo: 6 * 24 * 60, change: retained(7) };
    expect((await judged(attempt, kept)).outcome).toBe("none");
  });

  it("reads the history back to before the attempt, up to a day", async () => {
    const counts = async (attemptAgo: number): Promise<number> => {
      const { said } = await judged(onset, { attemptAgo });
      return Number(/in (\d+) minutes/u.exec(said)?.[1]);
    };
    expect(await counts(60)).toBe(360);
    expect(await counts(10 * 60)).toBe(12 * 60);
    expect(await counts(day / minute)).toBe(360);
  });
});
