/** Every fault of the API's side in one world, by the outcome of the check that should tell it. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalOutcome } from "#core/check.ts";
import { loadConfig, registeredChecks } from "../../src/compose.ts";
import type { Config } from "#core/config.ts";
import { startDns } from "../../src/sandbox/net/dns.ts";
import { startWorld, type Sandbox } from "../../src/sandbox/start.ts";
import { dataAddresses } from "../../src/sandbox/world/initial/network.ts";
import { keys } from "../../src/sandbox/world/initial/outside.ts";
import { outcomeIn } from "./probe-bench.ts";

const before = { ...process.env };
let world: Sandbox;
let inside: Awaited<ReturnType<typeof startDns>>;
beforeAll(async () => {
  world = await startWorld({ faults: ["healthy"] });
  await world.settled();
  inside = await startDns(world.state, "inside");
  Object.assign(process.env, world.env);
}, 30_000);
afterAll(async () => {
  await inside.close();
  await world.stop();
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
});

/** The catalogue of a bot that runs in the VPC: private names, asked of the resolver that is there. */
async function insideConfig(): Promise<Config> {
  const { HOKUSAI_REDIS_URL: redis = "", HOKUSAI_MODELS_DATABASE_URL: database = "" } = world.env;
  const named = (url: string, host: string, port: number): string =>
    url.replace(/@127\.0\.0\.1:\d+/u, `@${host}.hokusai-development.local:${port}`);
  const env = {
    ...world.env,
    HOKUSAI_REDIS_URL: named(redis, "redis", 6379),
    HOKUSAI_MODELS_DATABASE_URL: named(database, "database", 5432),
  };
  const config = await loadConfig({ env, cwd: process.cwd() });
  const portMap = {
    ...config.network.portMap,
    [`${dataAddresses.redis}:6379`]: new URL(redis).host,
    [`${dataAddresses.database}:5432`]: new URL(database).host,
  };
  const network = { ...config.network, vantage: "vpc", resolver: inside.address, portMap } as const;
  return { ...config, network };
}

interface Place {
  readonly inside?: true;
  readonly env?: Readonly<Record<string, string>>;
}

const outcomeNow = async (id: string, place: Place = {}): Promise<string> =>
  outcomeIn(place.inside === true ? await insideConfig() : { ...world.env, ...place.env }, id);

const rows: readonly (readonly [fault: string, check: string, outcome: string])[] = [
  ["redis-down", "dependencies/redis", "refused"],
  ["redis-hanging", "dependencies/redis", "timeout"],
  ["redis-password", "dependencies/redis", "auth-error"],
  ["redis-full", "dependencies/redis", "full"],
  ["redis-encrypted", "dependencies/redis", "tls-failure"],
  ["redis-clients-full", "dependencies/redis", "too-many-connections"],
  ["redis-replaced", "dependencies/redis", "broken"],
  ["redis-loading", "dependencies/redis", "starting"],
  ["database-down", "dependencies/database", "refused"],
  ["database-hanging", "dependencies/database", "timeout"],
  ["database-password", "dependencies/database", "auth-error"],
  ["database-slots-taken", "dependencies/database", "too-many-connections"],
  ["database-tls-off", "dependencies/database", "tls-failure"],
  ["database-recovering", "dependencies/database", "starting"],
  ["database-damaged", "dependencies/database", "broken"],
  ["huggingface-unreachable", "dependencies/hub", "unauthorised"],
  ["hub-stopped", "dependencies/hub", "unreachable"],
  ["hub-repository-gone", "dependencies/hub", "not-found"],
  ["auth-stopped", "dependencies/auth", "refused"],
  ["auth-erring", "dependencies/auth", "server-error"],
  ["auth-deployed-broken", "dependencies/auth", "server-error"],
  ["auth-scaled-to-zero", "dependencies/auth", "server-error"],
  ["auth-service-renamed", "dependencies/auth", "ok"],
  ["auth-unreachable", "dependencies/auth", "timeout"],
  ["auth-name-gone", "dependencies/auth", "no-name"],
  ["auth-certificate-expired", "dependencies/auth", "tls-failure"],
  ["auth-unreachable", "auth/layers", "key-path-stalls"],
  ["model-missing", "model/deployed", "missing"],
  ["model-not-deployed", "model/deployed", "not-deployed"],
  ["model-deployed-twice", "model/deployed", "ambiguous"],
  ["registry-model-gone", "model/registered", "missing"],
  ["registry-erring", "model/registered", "unreachable"],
  ["dns-resolution", "dns/external-names", "api-nxdomain"],
  ["auth-name-gone", "dns/external-names", "auth-nxdomain"],
  ["dns-servfail", "dns/external-names", "api-failing"],
  ["auth-servfail", "dns/external-names", "other-failing"],
  ["zone-failing", "dns/external-names", "api-failing"],
  ["zone-failing", "scope/other-models", "wider"],
  ["service-not-running", "scope/other-models", "others-fail-too"],
  ["certificate-invalid", "tls/certificates", "expired"],
  ["certificate-expires-soon", "tls/certificates", "expires-soon"],
  ["certificate-not-yet-valid", "tls/certificates", "not-yet-valid"],
  ["certificate-wrong-name", "tls/certificates", "wrong-name"],
  ["certificate-untrusted", "tls/certificates", "untrusted"],
  ["certificate-invalid", "edge/reach", "tls-failure"],
  ["dns-resolution", "edge/reach", "no-name"],
  ["edge-blocked", "edge/reach", "block-page"],
  ["edge-challenge", "edge/reach", "block-page"],
  ["edge-captcha", "edge/reach", "foreign-answer"],
  ["rule-deleted", "edge/reach", "load-balancer-404"],
  ["rule-redirects", "edge/reach", "load-balancer-fixed"],
  ["port-mismatch", "edge/reach", "gateway-502"],
  ["service-not-running", "edge/reach", "gateway-503"],
  ["security-group-blocking", "edge/reach", "gateway-504"],
  ["process-hangs", "edge/reach", "timeout"],
  ["listener-deleted", "edge/reach", "no-connection"],
  ["partial-failure", "edge/addresses", "some-fail"],
  ["edge-node-down", "edge/addresses", "some-fail"],
  ["service-not-running", "edge/addresses", "all-fail"],
  ["service-not-running", "api/health", "failing"],
  ["process-hangs", "api/health", "timeout"],
  ["health-slow", "api/health", "slow"],
  ["one-task-hangs", "api/each-request", "some-fail"],
  ["one-task-hangs", "edge/addresses", "all-answer"],
  ["service-not-running", "api/each-request", "all-fail"],
  ["model-missing", "api/model-info", "not-found"],
  ["model-missing", "api/model-health", "not-found"],
  ["predict-path-missing", "api/model-info", "no-route"],
  ["predict-path-missing", "api/model-health", "no-route"],
  ["service-not-running", "api/model-info", "failing"],
  ["service-not-running", "api/model-health", "failing"],
  ["descriptions-slow", "api/model-info", "slow"],
  ["descriptions-slow", "api/model-health", "slow"],
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
  ["rule-rewrites-path", "load-balancer/routing", "rewritten"],
  ["login-before-api", "edge/reach", "load-balancer-fixed"],
  ["rule-source-address", "prediction/with-key", "forbidden-403"],
];
/** What only a bot in the VPC sees. */
const insideRows: typeof rows = [
  ["redis-name-gone", "dependencies/redis", "no-name"],
  ["database-name-gone", "dependencies/database", "no-name"],
  ["discovery-empty", "dns/internal-name", "nxdomain"],
];
/** Tasks remember for a minute what the table says. */
const seenLater = new Set(["model-missing"]);
/** Areas whose every abnormal outcome is reached here. */
const areas = new Set(["api", "dependencies", "dns", "edge", "model", "scope", "tls"]);
const reached = new Set<string>();
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
      const later = seenLater.has(fault) ? 61_000 : 0;
      world.state.clockShift += later;
      try {
        const seen: [string, string, string][] = [];
        for (const [, check, expected] of wanted) {
          let outcome = await outcomeNow(check);
          // Old tasks may still answer for a moment, and each lets the first request of a minute pass.
          for (let tries = 6; tries > 0 && outcome !== expected; tries -= 1) {
            await sleep(300);
            outcome = await outcomeNow(check);
          }
          seen.push([fault, check, outcome]);
          reached.add(`${check} = ${outcome}`);
        }
        expect(seen).toEqual(wanted);
      } finally {
        world.state.clockShift -= later;
        await world.heal(fault);
      }
    },
    30_000,
  );

  it.each(insideRows)(
    "%s, from the VPC: %s",
    async (fault, check, outcome) => {
      const normal = registeredChecks().get(check);
      expect(await outcomeNow(check, { inside: true })).toBe(normal && normalOutcome(normal));
      await world.inject(fault);
      try {
        expect(await outcomeNow(check, { inside: true })).toBe(outcome);
        reached.add(`${check} = ${outcome}`);
      } finally {
        await world.heal(fault);
      }
    },
    30_000,
  );
});

describe("how far a fault reaches", () => {
  /** Each later than what the tasks remember of the row before. */
  let later = 0;
  const ownKey = {};
  // Only a key for every model sees what lies behind the refusal of the other models.
  const anyModel = { env: { HOKUSAI_PROBE_API_KEY: keys.internal } };
  it.each<[fault: string, reaches: string, key: Place, outcome: string]>([
    ["model-missing", "this model", anyModel, "others-work"],
    [
      "model-missing",
      "nobody can tell",
      ownKey,
      "not run: the other models refuse this model's key",
    ],
    [
      "database-down",
      "nobody can tell",
      ownKey,
      "not run: the other models refuse this model's key",
    ],
    ["database-down", "this service", anyModel, "others-fail-too"],
    ["service-not-running", "this service", ownKey, "others-fail-too"],
    ["zone-failing", "further than this service", ownKey, "wider"],
  ])(
    "%s: %s",
    async (fault, _reaches, key, outcome) => {
      await world.inject(fault);
      later += 122_000;
      world.state.clockShift += later;
      try {
        expect(await outcomeNow("scope/other-models", key)).toContain(outcome);
      } finally {
        world.state.clockShift -= later;
        await world.heal(fault);
      }
    },
    30_000,
  );
});

it("every abnormal outcome is reached from a fault", () => {
  const all = [...registeredChecks().values()]
    .filter((check) => areas.has(check.id.split("/")[0] ?? ""))
    .flatMap((check) =>
      Object.keys(check.outcomes)
        .filter((outcome) => outcome !== normalOutcome(check))
        .map((outcome) => `${check.id} = ${outcome}`),
    );
  expect(all.filter((one) => !reached.has(one))).toEqual([]);
});
