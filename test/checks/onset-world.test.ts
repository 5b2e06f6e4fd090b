/** Since when, over real CloudWatch, Insights and CloudTrail calls, where the API's log may have nothing of it. */
import { describe, expect, it } from "vitest";
import { recent } from "#checks/changes/recent.ts";
import { onset as balancerOnset } from "#checks/load-balancer/onset.ts";
import { onset as logOnset } from "#checks/logs/onset.ts";
import { factsOf, type Check } from "#core/check.ts";
import type { Fact, ValueOf } from "#core/fact.ts";
import type { Finding } from "#core/finding.ts";
import { judgeOne } from "#engine/judge.ts";
import { logHistory } from "#facts/log-history.ts";
import { requestHistory } from "#facts/request-history.ts";
import { runOnset } from "#facts/request-history/request-courses.ts";
import type { Fault } from "../../src/sandbox/faults/fault.ts";
import { faultNamed } from "../../src/sandbox/faults/index.ts";
import { startLivingWorld, type LivingOptions } from "../../src/sandbox/world/living.ts";
import { recordMetric, type WorldState } from "../../src/sandbox/world/state.ts";
import { openAwsBench, type AwsBench } from "./aws-bench.ts";

const minute = 60_000;
const of = (check: unknown): Check => check as Check;

async function within<T>(
  faults: readonly Fault[],
  living: LivingOptions,
  look: (bench: AwsBench) => Promise<T>,
): Promise<T> {
  const world = await startLivingWorld(faults, living);
  try {
    await world.settled();
    await using bench = await openAwsBench(world.state);
    return await look(bench);
  } finally {
    await world.stop();
  }
}

/** Where some requests fail, four of one customer may all be lucky ones. */
const crowd: LivingOptions = {
  shape: ({ customers }) => {
    for (const name of ["second", "third"])
      customers.push(...customers.slice(0, 1).map((one) => ({ ...one, name })));
  },
};

describe.concurrent("errors that the load balancer makes, and the change that began them", () => {
  it.each([
    ["504", "security-group-blocking", "RevokeSecurityGroupIngress"],
    ["504", "acl-inbound", "ReplaceNetworkAclAssociation"],
    ["503", "service-not-running", "UpdateService"],
    ["503", "load-balancer-misconfigured", "CreateRule"],
    ["503", "weight-zero", "ModifyRule"],
    ["502", "port-mismatch", "was deployed"],
    ["some 504", "partial-failure", "CreateNetworkAclEntry"],
  ])("%s: %s", { timeout: 30_000 }, async (status, fault, change) => {
    const living = status.startsWith("some") ? crowd : {};
    await within([faultNamed(fault)], living, async (bench) => {
      expect(await bench.outcome(of(logOnset))).toBe("none");
      expect(await bench.summary(of(balancerOnset))).toMatch(/^the load balancer's errors began/u);
      const { course } = await seen(bench, of(balancerOnset));
      const [first] = (await seen(bench, of(recent))).changes ?? [];
      expect(first).toMatchObject({ linked: true });
      expect(first?.what).toContain(change);
      const apart = Date.parse(course?.onset?.at ?? "") - Date.parse(first?.at ?? "");
      expect(Math.abs(apart)).toBeLessThanOrEqual(2 * minute);
    });
  });

  it("stands where the log cannot be had", { timeout: 30_000 }, async () => {
    await within([faultNamed("security-group-blocking")], {}, async (bench) => {
      bench.state.controlPlane.deniedActions = new Set(["logs:StartQuery"]);
      expect(await bench.outcome(of(logOnset))).toContain("grant logs:StartQuery");
      expect((await seen(bench, of(recent))).changes?.[0]?.linked).toBe(true);
    });
  });

  it("is an outage that is over, too", { timeout: 30_000 }, async () => {
    const over = { minutesAgo: 90, healedMinutesAgo: 60 };
    await within([faultNamed("security-group-blocking")], over, async (bench) => {
      expect(await bench.summary(of(balancerOnset))).toMatch(
        /began .* \(the last \d\d:\d\d UTC\)$/u,
      );
    });
  });
});

/** A customer whose requests fail as everyday life: half of all, answered 503 for the retired version. */
const withFailing = (state: WorldState): void => {
  const [customer] = state.customers;
  if (customer === undefined) throw new Error("nobody calls");
  state.customers.push({ ...customer, apiUrl: customer.apiUrl.replace(/\/api$/u, "/api/v0") });
};
const twiceTheTraffic: Fault = {
  id: "twice-the-traffic",
  title: "Everybody calls twice as often",
  system: "customers",
  apply: (world) => {
    for (const customer of world.customers) customer.perMinute *= 2;
  },
  heal: () => undefined,
};

describe.concurrent("no onset", () => {
  it.each([
    ["where all is well", [faultNamed("healthy")], {}],
    ["where traffic grows", [twiceTheTraffic], { minutesAgo: 150 }],
    [
      "where traffic grows, and its errors with it",
      [twiceTheTraffic],
      { minutesAgo: 150, shape: withFailing },
    ],
  ] as const)("%s", { timeout: 30_000 }, async (_name, faults, living) => {
    await within(faults, living, async (bench) => {
      expect(await bench.outcome(of(balancerOnset))).toBe("none");
      expect(await bench.outcome(of(logOnset))).toBe("none");
      const history = await valueOf<ValueOf<typeof requestHistory>>(bench, requestHistory);
      expect(
        runOnset(await valueOf<ValueOf<typeof logHistory>>(bench, logHistory), history),
      ).toBeNull();
      // What the rows say of their worlds is so.
      const mean = (counts: readonly number[]): number =>
        counts.reduce((all, one) => all + one, 0) / counts.length;
      const exposure = history.requests.map((one, i) => one + (history.elb5xx[i] ?? 0));
      const growth = mean(exposure.slice(-140)) / mean(exposure.slice(0, 200));
      if ("minutesAgo" in living) expect(growth).toBeGreaterThan(1.6);
      if ("shape" in living) expect(mean(history.elb5xx.slice(0, 200))).toBeGreaterThan(0.3);
    });
  });

  it("comes of our own requests of the last minutes", { timeout: 30_000 }, async () => {
    const world = await startLivingWorld([]);
    try {
      await world.settled();
      const metric = world.state.cloudwatch.metrics.find(
        (one) => one.metricName === "RequestCount" && !("TargetGroup" in one.dimensions),
      );
      if (metric === undefined) throw new Error("nobody was counted");
      const { namespace, dimensions, unit } = metric;
      const errors = { namespace, metricName: "HTTPCode_ELB_5XX_Count", dimensions, unit };
      const now = world.state.now();
      for (let i = 0; i < 40; i += 1)
        recordMetric(world.state, errors, 1, i % 2 === 0 ? now : now - minute);
      await using bench = await openAwsBench(world.state);
      expect(await bench.outcome(of(balancerOnset))).toBe("none");
    } finally {
      await world.stop();
    }
  });
});

async function valueOf<Value>(bench: AwsBench, fact: unknown): Promise<Value> {
  const gathered = await bench.gather(fact as Fact);
  if (gathered.state === "missing") throw new Error(gathered.missing.detail);
  return gathered.value as Value;
}

async function seen(bench: AwsBench, check: Check): Promise<Finding> {
  const facts = await Promise.all(
    factsOf(check).map(async (fact) => [fact.id, await bench.gather(fact)] as const),
  );
  const judged = judgeOne(check, Object.fromEntries(facts), {
    target: bench.target,
    reported: null,
    startedAt: bench.state.now(),
    vantage: "internet",
  });
  if ("notRun" in judged) throw new Error(judged.notRun.detail);
  return judged.finding;
}
