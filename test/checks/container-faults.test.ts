/** Each abnormal outcome of the checks from inside, reached from a fault through the real session. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auth } from "#checks/container/auth.ts";
import { database } from "#checks/container/database.ts";
import { hub } from "#checks/container/hub.ts";
import { listening } from "#checks/container/listening.ts";
import { names } from "#checks/container/names.ts";
import { redis } from "#checks/container/redis.ts";
import { normalOutcome } from "#core/check.ts";
import type { Investigation } from "#core/investigation.ts";
import {
  choosePlan,
  createInvestigator,
  loadConfig,
  type Investigator,
} from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

const checks = [listening, names, auth, redis, hub, database];
const before = { ...process.env };
let world: Sandbox;
let investigator: Investigator;
beforeAll(async () => {
  world = await startWorld({ faults: ["healthy"], exec: true });
  await world.settled();
  Object.assign(process.env, world.env);
  investigator = await createInvestigator(await configured());
}, 30_000);
afterAll(async () => {
  investigator.close();
  await world.stop();
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
});

const configured = () => loadConfig({ env: world.env, cwd: process.cwd() });

/** A whole run, of these checks only. */
async function run(inside: boolean, enabled = true): Promise<Investigation> {
  const config = await configured();
  const found = config.models.find(({ id }) => id === "21");
  if (found === undefined) throw new Error("no model 21");
  const { service } = found;
  const exec = service.exec == null ? null : { ...service.exec, enabled };
  const plan = choosePlan(config, "model-api-timeout", null);
  const priority = { level: 1, title: "Inside", minutes: 1, checks: checks.map(({ id }) => id) };
  return investigator.run(
    {
      id: "00000000-0000-4000-8000-000000000000",
      target: { ...found, service: { ...service, exec } },
      plan: { ...plan, priorities: [priority] },
      reported: null,
      asker: { door: "terminal", id: null },
      inside,
    },
    () => undefined,
  );
}

const rows: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["auth-unreachable", { "container/auth": "timeout", "container/hub": "ok" }],
  ["auth-stopped", { "container/auth": "refused" }],
  ["auth-erring", { "container/auth": "server-error" }],
  ["auth-name-gone", { "container/auth": "no-name", "container/names": "unresolved" }],
  ["auth-certificate-expired", { "container/auth": "tls-failure" }],
  [
    "auth-egress-revoked",
    { "container/auth": "timeout", "container/hub": "timeout", "container/redis": "ok" },
  ],
  ["hub-stopped", { "container/hub": "refused", "container/auth": "ok" }],
  ["hub-erring", { "container/hub": "server-error" }],
  ["hub-certificate-untrusted", { "container/hub": "tls-failure", "container/auth": "ok" }],
  [
    "dns-support-off",
    {
      "container/names": "none-resolves",
      "container/hub": "no-name",
      "container/redis": "no-name",
      "container/database": "no-name",
    },
  ],
  ["redis-down", { "container/redis": "refused" }],
  ["redis-password", { "container/redis": "ok" }],
  ["database-down", { "container/database": "refused" }],
  [
    "data-egress-revoked",
    { "container/redis": "timeout", "container/database": "timeout", "container/auth": "ok" },
  ],
  ["port-mismatch", { "container/listening": "other-port" }],
  ["loopback-only", { "container/listening": "bound-to-loopback" }],
  ["start-hangs", { "container/listening": "not-listening" }],
  ["process-hangs", { "container/listening": "silent" }],
];
const reached = new Set<string>();
const outcomesOf = ({ findings }: Investigation): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));

describe("a look from inside", () => {
  it("of a healthy world is normal, and says so of the container", async () => {
    const seen = await run(true);
    expect(outcomesOf(seen)).toEqual(
      Object.fromEntries(checks.map((check) => [check.id, normalOutcome(check)])),
    );
    expect(new Set(seen.findings.map(({ vantage }) => vantage))).toEqual(new Set(["container"]));
    expect(seen.inside).toBe(true);
  });

  it.each(rows)("%s", { timeout: 30_000 }, async (fault, wanted) => {
    await world.inject(fault);
    try {
      const seen = outcomesOf(await run(true));
      for (const [check, outcome] of Object.entries(seen)) reached.add(`${check} = ${outcome}`);
      expect(Object.fromEntries(Object.keys(wanted).map((id) => [id, seen[id]]))).toEqual(wanted);
    } finally {
      await world.heal(fault);
    }
  });
});

it("every abnormal outcome is reached from a fault", () => {
  const all = checks.flatMap((check) =>
    Object.keys(check.outcomes)
      .filter((outcome) => outcome !== normalOutcome(check))
      .map((outcome) => `${check.id} = ${outcome}`),
  );
  // Resets half-way and addresses without a route: the offline network refuses, or drops.
  expect(all.filter((one) => !reached.has(one))).toEqual([
    "container/auth = broken",
    "container/redis = broken",
    "container/hub = broken",
    "container/database = broken",
  ]);
});

describe("without a look", () => {
  it.each([
    ["switched off", true, false, "never", /exec\.enabled and exec\.approvers/u],
    ["nobody approved", false, true, "moot", /press Look from inside/u],
  ])("%s: nothing is executed", async (_, inside, enabled, availability, mend) => {
    const calls = world.aws.calls.length;
    const seen = await run(inside, enabled);
    expect(seen.findings).toEqual([]);
    expect(seen.notRun).toHaveLength(checks.length);
    for (const row of seen.notRun) {
      expect(row.availability).toBe(availability);
      expect(row.mend).toMatch(mend);
    }
    const asked = world.aws.calls.slice(calls).map(({ action }) => action);
    expect(asked).not.toContain("ecs:ExecuteCommand");
  });

  it("no task runs: there is nothing to look into", async () => {
    await world.inject("service-not-running");
    try {
      const [row] = (await run(true)).notRun;
      expect(row).toMatchObject({ availability: "moot", detail: "no task is running" });
    } finally {
      await world.heal("service-not-running");
    }
  });
});
