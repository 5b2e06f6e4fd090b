/** Every fault of the API's side in one world, by the outcome of the check that should tell it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { factsOf, normalOutcome } from "#core/check.ts";
import type { Fact, Gathered } from "#core/fact.ts";
import { gatherOne } from "#engine/gather.ts";
import { judgeOne } from "#engine/judge.ts";
import { createInvestigator, loadConfig, registeredChecks } from "../../src/compose.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";

const before = { ...process.env };
let world: Sandbox;
beforeAll(async () => {
  world = await startWorld({ faults: ["healthy"] });
  await world.settled();
  Object.assign(process.env, world.env);
}, 30_000);
afterAll(async () => {
  await world.stop();
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
});

/** As the engine would, but for one check only: the outcome, or why it was not run. */
async function outcomeNow(id: string): Promise<string> {
  const config = await loadConfig({ env: world.env, cwd: process.cwd() });
  const investigator = await createInvestigator({
    ...config,
    limits: { ...config.limits, predictionsPerRun: 20, predictionsPerMinute: 500 },
  });
  const target = config.models.find((model) => model.id === "21");
  const check = registeredChecks().get(id);
  if (target === undefined || check === undefined) throw new Error(`no ${id}`);
  const { ports, clock, redactor } = investigator.engineFor(target);
  const startedAt = clock.now();
  const known = new Map<string, Promise<Gathered>>();
  const signal = new AbortController().signal;
  const setting = { ports, target, reported: null, clock, redactor, runId: id, startedAt, signal };
  const gather = (fact: Fact): Promise<Gathered> => {
    const found = known.get(fact.id) ?? ask(fact);
    known.set(fact.id, found);
    return found;
  };
  const ask = async (fact: Fact): Promise<Gathered> => {
    const needs = await Promise.all(
      Object.entries(fact.needs).map(async ([name, need]) => [name, await gather(need)] as const),
    );
    return gatherOne(fact, Object.fromEntries(needs), setting);
  };
  try {
    const facts = await Promise.all(
      factsOf(check).map(async (fact) => [fact.id, await gather(fact)] as const),
    );
    const judged = judgeOne(check, Object.fromEntries(facts), {
      target,
      reported: null,
      startedAt,
      vantage: config.network.vantage,
    });
    return "finding" in judged ? judged.finding.outcome : `not run: ${judged.notRun.detail}`;
  } finally {
    investigator.close();
  }
}

const rows: readonly (readonly [fault: string, check: string, outcome: string])[] = [
  ["redis-down", "dependencies/redis", "refused"],
  ["redis-hanging", "dependencies/redis", "timeout"],
  ["redis-password", "dependencies/redis", "auth-error"],
  ["redis-full", "dependencies/redis", "full"],
  ["redis-loading", "dependencies/redis", "broken"],
  ["database-down", "dependencies/database", "refused"],
  ["database-hanging", "dependencies/database", "timeout"],
  ["database-password", "dependencies/database", "auth-error"],
  ["hub-stopped", "dependencies/hub", "unreachable"],
  ["hub-repository-gone", "dependencies/hub", "not-found"],
  ["auth-stopped", "dependencies/auth", "refused"],
  ["auth-erring", "dependencies/auth", "server-error"],
  ["auth-unreachable", "dependencies/auth", "timeout"],
  ["auth-name-gone", "dependencies/auth", "no-name"],
  ["auth-certificate-expired", "dependencies/auth", "tls-failure"],
  ["auth-unreachable", "auth/layers", "key-path-stalls"],
  ["model-missing", "model/deployed", "missing"],
  ["model-not-deployed", "model/deployed", "not-deployed"],
  ["model-deployed-twice", "model/deployed", "ambiguous"],
  ["registry-model-gone", "model/registered", "missing"],
  ["dns-resolution", "dns/external-names", "api-nxdomain"],
  ["auth-name-gone", "dns/external-names", "auth-nxdomain"],
  ["dns-servfail", "dns/external-names", "api-failing"],
  ["certificate-invalid", "tls/certificates", "expired"],
  ["certificate-expires-soon", "tls/certificates", "expires-soon"],
  ["certificate-not-yet-valid", "tls/certificates", "not-yet-valid"],
  ["certificate-wrong-name", "tls/certificates", "wrong-name"],
  ["certificate-untrusted", "tls/certificates", "untrusted"],
  ["certificate-invalid", "edge/reach", "tls-failure"],
  ["dns-resolution", "edge/reach", "no-name"],
  ["edge-blocked", "edge/reach", "block-page"],
  ["partial-failure", "edge/addresses", "some-fail"],
  ["docs-mismatch", "docs/page", "other-path"],
  ["docs-method", "docs/page", "other-method"],
  ["docs-header", "docs/page", "other-header"],
  ["docs-fields", "docs/page", "other-fields"],
  ["wrong-host", "docs/page", "other-host"],
  ["wrong-host", "client/request", "other-host-405"],
  ["uuid-router-first", "routes/predict", "shadowed"],
  ["predict-path-missing", "routes/predict", "path-missing"],
  ["route-conflict", "routes/predict", "post-missing"],
  ["auth-conflict", "auth/layers", "layers-disagree"],
  ["caller-throttled", "prediction/with-key", "throttled-429"],
];
const checks = [...new Set(rows.map(([, check]) => check))];
const byFault = Map.groupBy(rows, ([fault]) => fault);

describe("a world that comes and goes", () => {
  it.each(checks)(
    "healthy: %s is normal",
    async (id) => {
      const check = registeredChecks().get(id);
      expect(await outcomeNow(id)).toBe(check === undefined ? "" : normalOutcome(check));
    },
    20_000,
  );

  it.each([...byFault])(
    "%s",
    async (fault, wanted) => {
      await world.inject(fault);
      try {
        const seen: [string, string, string][] = [];
        for (const [, check] of wanted) {
          let outcome = await outcomeNow(check);
          // Each task counts for itself, and lets the first request of a minute pass.
          const tries = fault === "caller-throttled" ? 4 : 0;
          for (let more = tries; more > 0 && outcome === "answered"; more -= 1)
            outcome = await outcomeNow(check);
          seen.push([fault, check, outcome]);
        }
        expect(seen).toEqual(wanted);
      } finally {
        await world.heal(fault);
      }
    },
    30_000,
  );
});
