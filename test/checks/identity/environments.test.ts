/**
 * Two environments in one account: a run looks at its own parts only, and a catalogue that mixes them up,
 * or names another account, region or thing than AWS has, never ends with a healthy run.
 */
import { randomUUID } from "node:crypto";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Config, Environment, Model, Service } from "#core/config.ts";
import type { Investigation } from "#core/investigation.ts";
import { choosePlan, createInvestigator, loadConfig } from "../../../src/compose.ts";
import { startWorld, type Sandbox } from "../../../src/sandbox/start.ts";
import { keys } from "../../../src/sandbox/world/initial/outside.ts";

const catalogue = join(import.meta.dirname, "testdata", "two-environments.yaml");
const before = { ...process.env };
let world: Sandbox;
let first: Config;
let second: Config;

beforeAll(async () => {
  world = await startWorld({ faults: ["healthy"] });
  await world.settled();
  Object.assign(process.env, world.env);
  first = await loadConfig({ env: world.env, cwd: process.cwd() });
  const HOKUSAI_CONFIG = [world.env["HOKUSAI_CONFIG"] ?? "", catalogue].join(delimiter);
  const env = { ...world.env, HOKUSAI_CONFIG, HOKUSAI_SECOND_PROBE_API_KEY: keys.probe };
  second = await loadConfig({ env, cwd: process.cwd() });
}, 30_000);
afterAll(async () => {
  await world.stop();
  for (const name of Object.keys(world.env)) delete process.env[name];
  Object.assign(process.env, before);
});
beforeEach(() => void world.aws.calls.splice(0));

type Change = Partial<Omit<Service, "environment">> & { environment?: Partial<Environment> };

const modelOf = (config: Config): Model => {
  const found = config.models.find((model) => model.id === "21");
  if (found === undefined) throw new Error("the catalogue has no model 21");
  return found;
};

/** A whole run with what `change` says of the service in place of the catalogue. */
async function run(config: Config, change: Change = {}): Promise<Investigation> {
  const found = modelOf(config);
  const environment = { ...found.service.environment, id: randomUUID(), ...change.environment };
  const target = { ...found, service: { ...found.service, ...change, environment } };
  const investigator = await createInvestigator(config);
  try {
    const plan = choosePlan(config, "model-api-timeout", null);
    return await investigator.run(
      { id: randomUUID(), target, plan, reported: null, asker: { door: "terminal", id: null } },
      () => undefined,
    );
  } finally {
    investigator.close();
  }
}

const seen = (one: Investigation, check: string): string => {
  const finding = one.findings.find((row) => row.check === check);
  if (finding !== undefined) return `${finding.outcome}: ${finding.summary}`;
  return `not run: ${one.notRun.find((row) => row.check === check)?.detail ?? "not in the plan"}`;
};
const verdict = (one: Investigation): string | undefined => one.diagnosis?.verdict;
describe("each of two environments", () => {
  it.each([
    [
      "second",
      "production.hokus.ai -> hokusai-main-production -> rule 10 (host production.hokus.ai): forward to hokusai-api-production -> hokusai-api-production",
      /-development/u,
    ],
    [
      "first",
      "api.hokus.ai -> hokusai-main-development -> rule 20 (host api.hokus.ai): forward to hokusai-api-development -> hokusai-api-development",
      /-production/u,
    ],
  ])("%s: is looked at with its own parts only", { timeout: 40_000 }, async (name, way, others) => {
    const one = await run(name === "first" ? first : second);
    expect(seen(one, "identity/chain")).toBe(`proven: ${way}`);
    expect(seen(one, "identity/catalogue")).toMatch(/^agree: /u);
    expect(verdict(one)).toBe("healthy");
    const asked = world.aws.calls.map((call) => `${call.action} ${JSON.stringify(call.input)}`);
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((line) => others.test(line))).toEqual([]);
    const shown = JSON.stringify([one.findings, one.notRun]);
    expect(others.exec(shown.replaceAll("hokusai-redis-development", ""))).toBeNull();
  });
});

describe("a catalogue that names the production service behind the development URL", () => {
  const crossed = (loadBalancers: readonly string[]): Change => {
    const { ecs, logs } = modelOf(second).service;
    return { ecs, logs, loadBalancers };
  };
  it.each([
    [
      "with both load balancers",
      ["hokusai-main-development", "hokusai-main-production"],
      /^route-elsewhere: hokusai-main-development: rule 20 .* forward to hokusai-api-development$/u,
    ],
    [
      "with its own load balancer",
      ["hokusai-main-production"],
      /^dns-elsewhere: api\.hokus\.ai leads to/u,
    ],
  ])("%s: the chain is broken", { timeout: 40_000 }, async (_name, balancers, chain) => {
    const one = await run(first, crossed(balancers));
    expect(seen(one, "prediction/with-key")).toMatch(/^answered: /u);
    expect(seen(one, "ecs/service-running")).toMatch(/^running: /u);
    expect(seen(one, "identity/chain")).toMatch(chain);
    expect(["healthy", "not-reproduced"]).not.toContain(verdict(one));
  });
});

describe("another account or region than the catalogue names", () => {
  it.each<readonly [string, Change, chain: string, catalogue: RegExp]>([
    [
      "account, as STS and the ARNs say",
      { environment: { account: "999999999999" } },
      "other-account: account 123456789012, not 999999999999",
      /^drift: account 999999999999: 123456789012$/u,
    ],
    [
      "account of the role that is assumed, which has nothing",
      {
        environment: {
          account: "123456789012",
          role: "arn:aws:iam::210987654321:role/hokusai-read",
        },
      },
      "other-account: account 210987654321, not 123456789012",
      /^drift: .*account 123456789012: 210987654321/u,
    ],
    [
      "region, as the name of the load balancer says",
      { environment: { region: "eu-west-1" } },
      "other-account: region us-east-1, not eu-west-1",
      /^drift: ECS service hokusai-api-development: not in AWS; load balancer/u,
    ],
  ])("%s", { timeout: 40_000 }, async (_name, change, chain, drift) => {
    const one = await run(first, change);
    expect(world.aws.calls.map((call) => call.action)).toContain("sts:GetCallerIdentity");
    expect(seen(one, "identity/chain")).toBe(chain);
    expect(seen(one, "identity/catalogue")).toMatch(drift);
    expect(verdict(one)).toBe("inconclusive");
  });
});

describe("a catalogue that names what AWS has not", () => {
  it.each<readonly [string, Change, summary: string, healthy: boolean]>([
    [
      "load balancer",
      { loadBalancers: ["hokusai-main-development", "hokusai-old-development"] },
      "drift: load balancer hokusai-old-development: not in AWS",
      true,
    ],
    [
      "log group",
      { logs: { group: "/ecs/hokusai-api" } },
      "drift: log group of the task definition /ecs/hokusai-api: /ecs/hokusai-api-development; log group /ecs/hokusai-api: not in AWS",
      true,
    ],
    [
      "service",
      {
        ecs: {
          cluster: "hokusai-development",
          service: "hokusai-api-devel",
          container: "hokusai-api",
          port: 8001,
          requiredVariables: [],
        },
      },
      "drift: ECS service hokusai-api-devel: not in AWS",
      false,
    ],
  ])("%s", { timeout: 40_000 }, async (_name, change, summary, healthy) => {
    const one = await run(first, change);
    expect(seen(one, "identity/catalogue")).toBe(summary);
    expect(verdict(one)).toBe(healthy ? "healthy" : "inconclusive");
  });
});

// Last, because what it does stays in metrics and trail.
describe("one environment", () => {
  it("is healthy while the other one fails", { timeout: 40_000 }, async () => {
    await world.inject("service-not-running");
    try {
      const [here, there] = [await run(first), await run(second)];
      expect([verdict(here), here.diagnosis?.leading[0]]).toEqual(["fault", "service-not-running"]);
      expect([verdict(there), there.diagnosis?.leading]).toEqual(["healthy", []]);
    } finally {
      await world.heal("service-not-running");
    }
  });
});
