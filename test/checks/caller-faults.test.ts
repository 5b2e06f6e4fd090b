/** Each abnormal outcome of what a caller sees, reached from a fault of the offline world through the real servers. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalOutcome } from "#core/check.ts";
import { registeredChecks } from "../../src/compose.ts";
import { faultNamed } from "../../src/sandbox/faults/index.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";
import { outcomeIn } from "./probe-bench.ts";

/** "one+another": both, with what the customer of the second one says. */
type Row = readonly [faults: string, outcomes: Readonly<Record<string, string>>];

/** Into a world that was well before. */
const live: readonly Row[] = [
  ["customer-auth-host", { "client/request": "other-host-other" }],
  ["customer-strange-host", { "client/request": "not-our-host" }],
  ["customer-path", { "client/request": "other-path" }],
  ["customer-method", { "client/request": "other-method", "client/key-format": "well-formed" }],
  ["customer-header", { "client/request": "other-header", "client/key-format": "well-formed" }],
  ["customer-other-header", { "client/request": "works-as-sent" }],
  ["customer-fields", { "client/request": "other-fields" }],
  ["customer-form", { "client/request": "other-header" }],
  ["customer-key-foreign", { "client/request": "same", "client/key-format": "malformed" }],
  ["docs-mismatch", { "docs/page": "other-path", "docs/request": "not-served" }],
  ["docs-method", { "docs/page": "other-method", "docs/request": "method-refused" }],
  ["docs-header", { "docs/page": "other-header", "docs/request": "key-refused" }],
  ["docs-other-header", { "docs/page": "other-header", "docs/request": "works" }],
  ["docs-other-route", { "docs/page": "other-path", "docs/request": "no-prediction" }],
  ["docs-fields", { "docs/page": "other-fields", "docs/request": "body-refused" }],
  [
    "wrong-host",
    {
      "client/request": "other-host-405",
      "docs/page": "other-host",
      "docs/request": "other-server",
    },
  ],
  [
    "route-conflict",
    {
      "routes/predict": "post-missing",
      "prediction/with-key": "method-not-allowed-405",
      "client/request": "same-405-json",
    },
  ],
  ["uuid-router-first", { "routes/predict": "shadowed", "prediction/with-key": "invalid-422" }],
  [
    "predict-path-missing",
    {
      "routes/predict": "path-missing",
      "prediction/with-key": "no-route-404",
      "client/request": "same-fails",
    },
  ],
  [
    "refusals-terse",
    { "prediction/invalid-key": "unclear-401", "prediction/without-key": "unhelpful-401" },
  ],
  ["refusals-403", { "prediction/invalid-key": "other", "prediction/without-key": "refused-403" }],
  [
    "auth-off",
    { "prediction/without-key": "answered-without-key", "prediction/invalid-key": "accepted" },
  ],
  ["auth-late-post-lost", { "prediction/without-key": "method-not-allowed" }],
  ["auth-late-path-lost", { "prediction/without-key": "not-found" }],
  ["auth-conflict", { "prediction/with-key": "unauthorised-401" }],
  ["field-renamed", { "prediction/body": "misfit" }],
  ["predictions-erring", { "prediction/with-key": "server-error-5xx" }],
  ["answer-renamed", { "prediction/with-key": "wrong-shape" }],
  [
    "edge-captcha",
    {
      "prediction/without-key": "another-answered",
      "prediction/invalid-key": "another-answered",
      "prediction/with-key": "wrong-shape",
    },
  ],
  ["edge-rate-limited", { "prediction/without-key": "throttled" }],
  ["caller-throttled", { "prediction/with-key": "throttled-429" }],
  ["database-down", { "prediction/with-key": "unavailable-503" }],
  [
    "weight-zero",
    {
      "prediction/without-key": "server-error",
      "trace/request": "load-balancer",
      "scope/other-models": "others-fail-too",
    },
  ],
  [
    "certificate-invalid",
    { "prediction/without-key": "no-connection", "prediction/with-key": "no-connection" },
  ],
  ["predictions-slow", { "prediction/latency": "slow" }],
  ["loads-on-first-use", { "prediction/latency": "slow-first" }],
];

/**
 * From the start: what callers were answered in the last quarter of an hour, and what the cache of checked
 * keys, which outlives a change by five minutes, does not hide.
 */
const lived: readonly Row[] = [
  ["key-too-wide", { "prediction/other-model": "accepted" }],
  ["process-hangs", { "prediction/without-key": "timeout" }],
  ["auth-accepts-all", { "prediction/invalid-key": "accepted", "auth/layers": "layers-disagree" }],
  ["probe-key-expired", { "prediction/with-key": "own-key-refused" }],
  // Each task remembers for a while that the model was there.
  ["model-missing", { "prediction/with-key": "not-found-404", "trace/request": "model" }],
  ["model-not-deployed", { "prediction/with-key": "refused-4xx" }],
  ["auth-erring+customer-path", { "client/request": "differs-too" }],
  ["scope-lost", { "prediction/with-key": "forbidden-403" }],
  [
    "auth-erring",
    {
      "prediction/invalid-key": "server-error",
      "scope/other-models": "wider",
      "auth/layers": "key-path-stalls",
      "trace/request": "auth",
    },
  ],
  [
    "auth-hangs-unbounded",
    { "prediction/invalid-key": "timeout", "prediction/with-key": "timeout" },
  ],
  ["api-key-invalid", { "client/refusals": "keys-refused" }],
  ["caller-throttled", { "client/refusals": "throttled" }],
];

const areas = /^(?:client|docs|prediction|routes|trace|auth|scope)\//u;
const reached = new Set<string>();

async function seenIn(world: Sandbox, [faults, wanted]: Row): Promise<Record<string, string>> {
  const fault = faults.split("+").at(-1) ?? "";
  const report = faultNamed(fault).report ?? null;
  const seen: Record<string, string> = {};
  for (const check of Object.keys(wanted)) {
    // Each task counts for itself, and lets the first request of a minute pass.
    for (let tries = fault === "caller-throttled" ? 4 : 1; tries > 0; tries -= 1) {
      // oxlint-disable-next-line no-await-in-loop -- predictions of one check must not warm another's model
      seen[check] = await outcomeIn(world.env, check, report);
      if (seen[check] === wanted[check]) break;
    }
    reached.add(`${check} = ${seen[check]}`);
  }
  return seen;
}

const before = { ...process.env };
const leave = (world: Sandbox): void => {
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
};

describe("a world that was well", () => {
  let world: Sandbox;
  beforeAll(async () => {
    world = await startWorld({ faults: ["healthy"] });
    await world.settled();
    Object.assign(process.env, world.env);
  }, 30_000);
  afterAll(async () => {
    await world.stop();
    leave(world);
  });

  it.each(live)("%s", { timeout: 60_000 }, async (fault, wanted) => {
    await world.inject(fault);
    try {
      expect(await seenIn(world, [fault, wanted])).toEqual(wanted);
    } finally {
      await world.heal(fault);
    }
  });
});

describe("a world that lives with it", () => {
  it.each(lived)("%s", { timeout: 60_000 }, async (fault, wanted) => {
    const world = await startWorld({ faults: fault.split("+") });
    try {
      await world.settled();
      Object.assign(process.env, world.env);
      expect(await seenIn(world, [fault, wanted])).toEqual(wanted);
    } finally {
      await world.stop();
      leave(world);
    }
  });
});

it("every abnormal outcome of what a caller sees is reached from a fault", () => {
  const all = [...registeredChecks().values()]
    .filter((check) => areas.test(check.id))
    .flatMap((check) =>
      Object.keys(check.outcomes)
        .filter((outcome) => outcome !== normalOutcome(check))
        .map((outcome) => `${check.id} = ${outcome}`),
    );
  expect(all.filter((one) => !reached.has(one))).toEqual([]);
});
