import { describe, expect, it } from "vitest";
import { auth } from "#checks/container/auth.ts";
import { database } from "#checks/container/database.ts";
import { hub } from "#checks/container/hub.ts";
import { listening } from "#checks/container/listening.ts";
import { names } from "#checks/container/names.ts";
import { redis } from "#checks/container/redis.ts";
import type { Check, Found } from "#core/check.ts";
import type { ContainerView, InsideView } from "#core/ports/exec.ts";

const seen = (change: Partial<InsideView> = {}): InsideView => ({
  host: "auth.hokus.ai",
  port: 443,
  outcome: "ok",
  phase: "done",
  addresses: ["30.217.33.10"],
  status: 404,
  error: null,
  tookMs: 31,
  ...change,
});
const store = (change: Partial<InsideView> = {}): InsideView =>
  seen({ host: "redis.internal", port: 6379, status: null, ...change });
const view = (
  places: Partial<ContainerView["places"]> = {},
  own: ContainerView["own"] = {
    port: 8001,
    listening: [
      { on: "any", port: 8001 },
      { on: "loopback", port: 41_741 },
    ],
    answer: { outcome: "ok", status: 404, error: null, tookMs: 4 },
  },
): ContainerView => ({
  task: "0f0607c3aa",
  container: "hokusai-api",
  places: { auth: seen(), hub: seen(), redis: store(), database: store(), ...places },
  own,
});
const judged = (check: Check, value: ContainerView) =>
  check.judge({ view: value }, { target: {} as never, reported: null, now: 0 });
const outcome = (check: Check, value: ContainerView): string => {
  const result = judged(check, value);
  if ("lacks" in result) return `lacks ${result.lacks}`;
  return "notRun" in result ? `not run: ${result.notRun.availability}` : result.outcome;
};
const noName = seen({
  outcome: "no-name",
  phase: "name",
  addresses: [],
  status: null,
  error: "gaierror: [Errno -2] Name or service not known",
});

describe.each([
  ["container/auth", auth, "auth"],
  ["container/hub", hub, "hub"],
] as const)("%s", (_, check, name) => {
  it.each([
    ["ok", seen()],
    ["ok", seen({ status: 401 })],
    ["no-name", noName],
    ["refused", seen({ outcome: "refused", status: null })],
    ["timeout", seen({ outcome: "timeout", status: null })],
    ["tls-failure", seen({ outcome: "tls-failure", status: null })],
    ["server-error", seen({ status: 503 })],
    ["broken", seen({ outcome: "broken", status: null })],
    ["not run: moot", null],
  ])("%s", (wanted, place) => {
    expect(outcome(check, view({ [name]: place }))).toBe(wanted);
  });
});

describe.each([
  ["container/redis", redis, "redis"],
  ["container/database", database, "database"],
] as const)("%s", (_, check, name) => {
  it.each([
    ["ok", store()],
    ["no-name", store({ outcome: "no-name", phase: "name" })],
    ["refused", store({ outcome: "refused" })],
    ["timeout", store({ outcome: "timeout" })],
    ["broken", store({ outcome: "broken" })],
    ["not run: moot", null],
  ])("%s", (wanted, place) => {
    expect(outcome(check, view({ [name]: place }))).toBe(wanted);
  });
});

describe("container/names", () => {
  it.each([
    ["resolve", view()],
    ["resolve", view({ auth: null })],
    ["unresolved", view({ auth: noName })],
    ["none-resolves", view({ auth: noName, hub: noName, redis: noName, database: noName })],
    ["unresolved", view({ auth: noName, hub: null, redis: null, database: null })],
    ["not run: moot", view({ auth: null, hub: null, redis: null, database: null })],
  ])("%s", (wanted, value) => {
    expect(outcome(names, value)).toBe(wanted);
  });
});

describe("container/listening", () => {
  const refused = { outcome: "refused", status: null, error: null, tookMs: 1 } as const;
  const answered = { outcome: "ok", status: 404, error: null, tookMs: 4 } as const;
  const own = (
    listens: readonly (readonly ["any" | "loopback" | "address", number])[] | null,
    answer: NonNullable<ContainerView["own"]>["answer"],
  ) =>
    view(
      {},
      { port: 8001, listening: listens?.map(([on, port]) => ({ on, port })) ?? null, answer },
    );
  it.each([
    ["listening", own([["any", 8001]], answered)],
    ["listening", own(null, answered)],
    ["not-listening", own([], refused)],
    ["not-listening", own([["loopback", 41_741]], refused)],
    ["not-listening", own(null, refused)],
    ["other-port", own([["any", 8000]], refused)],
    ["bound-to-loopback", own([["loopback", 8001]], answered)],
    [
      "listening",
      own(
        [
          ["loopback", 8001],
          ["address", 8001],
        ],
        answered,
      ),
    ],
    ["silent", own([["any", 8001]], { ...refused, outcome: "timeout" })],
    ["not run: moot", view({}, null)],
  ])("%s", (wanted, value) => {
    expect(outcome(listening, value)).toBe(wanted);
  });

  it("names the ports that are open instead", () => {
    const result = judged(listening, own([["any", 8000]], refused)) as Found;
    expect(result.summary).toBe("listens on 8000, not on 8001");
  });
});

it("says from where it looked", () => {
  const result = judged(
    auth,
    view({
      auth: seen({
        outcome: "timeout",
        status: null,
        tookMs: 2_503,
        error: "TimeoutError: timed out",
      }),
    }),
  ) as Found;
  expect(result.summary).toBe(
    "auth.hokus.ai:443 from inside: timeout after 2.5 s (TimeoutError: timed out)",
  );
  expect(result.evidence.at(-1)).toEqual({
    label: "seen from",
    seen: "container hokusai-api of task 0f0607c3",
  });
});
