/** The AWS checks over real SDK calls: what they say of a healthy world, and of edits of it. */
import { beforeAll, describe, expect, it } from "vitest";
import { factsOf, normalOutcome, type Check } from "#core/check.ts";
import { appendLog, serviceNamed } from "../../src/sandbox/world/state.ts";
import type { WorldState } from "../../src/sandbox/world/state.ts";
import { startAwsBench, type AwsBench } from "./aws-bench.ts";
import { awsChecks } from "./aws-checks.ts";

const api = "hokusai-api-development";
const idOf = (check: Check): string => check.id;
const outcomes = async (bench: AwsBench): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      awsChecks.map(async (check) => [idOf(check), await bench.outcome(check)] as const),
    ),
  );

/** Without traffic there is no metric; nobody said when a request failed. */
const silent = new Set([
  "load-balancer/errors",
  "load-balancer/onset",
  "load-balancer/access-log",
  "metrics/saturation",
  "metrics/latency",
  "logs/attempt",
]);

/** The world at rest has not logged yet. */
const withLogs = (state: WorldState): void => {
  for (const task of state.ecs.tasks.filter((one) => one.group === `service:${api}`)) {
    const id = task.arn.split("/").at(-1) ?? "";
    for (const line of [
      "INFO:     Application startup complete.",
      "INFO:     Uvicorn running on http://0.0.0.0:8001 (Press CTRL+C to quit)",
    ])
      appendLog(state, `/ecs/${api}`, `api/hokusai-api/${id}`, line, state.now() - 600_000);
  }
};

let healthy: Record<string, string> = {};
let actions: readonly string[] = [];
beforeAll(async () => {
  await using bench = await startAwsBench(withLogs);
  healthy = await outcomes(bench);
  actions = [...new Set(bench.server.calls.map((call) => call.action))].toSorted();
}, 30_000);

describe("a healthy world", () => {
  it("has only normal outcomes", () => {
    const seen = Object.entries(healthy).map(([id, outcome]) => [
      id,
      outcome.replace(/^(not run: not-applicable).*/u, "$1"),
    ]);
    const expected = awsChecks.map((check) => [
      check.id,
      silent.has(check.id) ? "not run: not-applicable" : normalOutcome(check),
    ]);
    expect(seen).toEqual(expected);
  });

  it("is asked for nothing that the facts do not declare", () => {
    const declared = new Set(awsChecks.flatMap((check) => collect(check)));
    expect(actions.filter((action) => !declared.has(action))).toEqual([]);
  });

  it("gives the cheap facts within the five seconds, with 100 ms a call", async () => {
    await using bench = await startAwsBench((state) => {
      state.controlPlane.delays = new Map([["*", 100]]);
    });
    const cheap = awsChecks.filter((check) =>
      factsOf(check).every((fact) => fact.cost === "cheap"),
    );
    const began = performance.now();
    await Promise.all(cheap.map(async (check) => bench.outcome(check)));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(
      bench.server.calls.filter((call) => call.action === "logs:FilterLogEvents").length,
    ).toBeLessThanOrEqual(3);
  });
});

const collect = (check: Check): readonly string[] => {
  const walk = (facts: readonly ReturnType<typeof factsOf>[number][]): readonly string[] =>
    facts.flatMap((fact) => [...fact.permissions, ...walk(Object.values(fact.needs))]);
  return walk(factsOf(check));
};

describe("edits of the world", () => {
  const edits: readonly (readonly [
    name: string,
    edit: (state: WorldState) => void,
    expected: Record<string, string>,
  ])[] = [
    [
      "scaled to zero",
      (state) => {
        Object.assign(serviceNamed(state, api), { desiredCount: 0, runningCount: 0 });
        state.ecs.tasks = state.ecs.tasks.filter((task) => task.group !== `service:${api}`);
        state.elb.targets = [];
      },
      {
        "ecs/service-running": "zero-desired",
        "load-balancer/targets": "none-registered",
        "identity/chain": "proven",
      },
    ],
    [
      "the service deleted",
      (state) => {
        state.ecs.services = state.ecs.services.filter((service) => service.name !== api);
      },
      { "ecs/service-running": "not-found" },
    ],
    [
      "ingress of the tasks revoked",
      (state) => {
        for (const group of tasksGroups(state)) group.ingress = [];
      },
      { "network/inbound": "blocked-by-group", "network/egress-auth": "allowed" },
    ],
    [
      "egress of the tasks revoked",
      (state) => {
        for (const group of tasksGroups(state)) group.egress = [];
      },
      {
        "network/inbound": "allowed",
        "network/egress-auth": "blocked-by-group",
        "network/egress-hub": "blocked-by-group",
      },
    ],
    [
      "no route out",
      (state) => {
        for (const table of state.ec2.routeTables)
          table.routes = table.routes.filter((route) => route.gatewayId === "local");
      },
      { "network/egress-auth": "no-route", "network/inbound": "allowed" },
    ],
    [
      "another path in the health check, and targets that fail it",
      (state) => {
        for (const group of state.elb.targetGroups) group.healthCheckPath = "/status";
        for (const target of state.elb.targets) {
          Object.assign(target, { state: "unhealthy", reason: "Target.ResponseCodeMismatch" });
        }
      },
      {
        "load-balancer/health-check": "wrong-path-or-port",
        "load-balancer/targets": "unhealthy-response",
      },
    ],
    [
      "the public name led elsewhere",
      (state) => {
        for (const record of state.dns.records) {
          if (record.name === "api.hokus.ai" && "target" in record) record.target = "hokus.ai";
        }
      },
      { "identity/chain": "dns-elsewhere", "load-balancer/routing": "to-service" },
    ],
    [
      "the log group deleted",
      (state) => {
        state.logs.groups = [];
      },
      { "logs/stream": "group-missing" },
    ],
    [
      "time-outs in the log, behind our own",
      (state) => {
        for (let i = 0; i < 4; i += 1) {
          appendLog(
            state,
            `/ecs/${api}`,
            "api/x/1",
            "ERROR auth service timeout after 10.0s",
            state.now() - 60_000,
          );
        }
        const own = "ERROR redis refused request_id=hokusai-00000000-0000-4000-8000-000000000000-1";
        appendLog(state, `/ecs/${api}`, "api/x/1", own, state.now() - 50_000);
      },
      { "logs/auth": "timeouts", "logs/redis": "none", "logs/startup": "none" },
    ],
  ];
  it.each(edits)("%s", async (_name, edit, expected) => {
    await using bench = await startAwsBench(edit);
    const checks = awsChecks.filter((check) => check.id in expected);
    const seen = Object.fromEntries(
      await Promise.all(
        checks.map(async (check) => [check.id, await bench.outcome(check)] as const),
      ),
    );
    expect(seen).toEqual(expected);
  });
});

const tasksGroups = (state: WorldState) => {
  const ids = serviceNamed(state, api).networkConfiguration.awsvpcConfiguration.securityGroups;
  return state.ec2.securityGroups.filter((group) => ids.includes(group.groupId));
};
