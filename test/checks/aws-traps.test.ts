/**
 * What misleads simple tools about AWS, by name: what such a tool would say of the same answers, and what
 * the check says. Everything goes through the real SDK clients to the offline AWS server.
 */
import { Resolver } from "node:dns/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeNetworkAclsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { instances } from "#checks/discovery/instances.ts";
import { internalName } from "#checks/dns/internal-name.ts";
import { containerPort } from "#checks/ecs/container-port.ts";
import { rollout } from "#checks/ecs/rollout.ts";
import { serviceRunning } from "#checks/ecs/service-running.ts";
import { stoppedTasks } from "#checks/ecs/stopped-tasks.ts";
import { chain } from "#checks/identity/chain.ts";
import { healthCheck } from "#checks/load-balancer/health-check.ts";
import { routing } from "#checks/load-balancer/routing.ts";
import { targets } from "#checks/load-balancer/targets.ts";
import { auth } from "#checks/logs/auth.ts";
import { stream } from "#checks/logs/stream.ts";
import { egressAuth } from "#checks/network/egress-auth.ts";
import { egressRedis } from "#checks/network/egress-redis.ts";
import { inbound } from "#checks/network/inbound.ts";
import type { Check } from "#core/check.ts";
import type { Ports } from "#core/ports.ts";
import { dnsInternalName } from "#facts/dns-internal-name.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsStoppedTasks } from "#facts/ecs-stopped-tasks.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { requestTrace } from "#facts/request-trace.ts";
import { securityGroups } from "#facts/security-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { faultNamed } from "../../src/sandbox/faults/index.ts";
import { groupIds, subnetIds } from "../../src/sandbox/world/initial/network.ts";
import { listenerArns, targetGroupArns } from "../../src/sandbox/world/initial/balancers.ts";
import { keys } from "../../src/sandbox/world/initial/outside.ts";
import { startLivingWorld, type LivingWorld } from "../../src/sandbox/world/living.ts";
import {
  appendLog,
  serviceNamed,
  type Task,
  type WorldState,
} from "../../src/sandbox/world/state.ts";
import { openAwsBench, startAwsBench, type AwsBench } from "./aws-bench.ts";
import { awsChecks } from "./aws-checks.ts";
import { answered } from "./observations.ts";
import { startAwsRuns } from "./aws-run.ts";
import { createVisitor, inputs } from "../sandbox/world/visitor.ts";

const cluster = "hokusai-development";
const api = "hokusai-api-development";
const group = `/ecs/${api}`;

/** As a tool sets them up that thinks of no trap: one attempt, no deadline. */
const plain = (bench: AwsBench) => ({
  region: "us-east-1",
  endpoint: bench.server.url,
  maxAttempts: 1,
});
const outcomesOf = async (
  bench: AwsBench,
  checks: readonly unknown[],
): Promise<readonly string[]> =>
  Promise.all((checks as readonly Check[]).map(async (check) => bench.outcome(check)));

async function inWorld(
  fault: string,
  look: (bench: AwsBench, world: LivingWorld) => Promise<void>,
): Promise<void> {
  const world = await startLivingWorld([faultNamed(fault)]);
  try {
    await world.settled();
    await using bench = await openAwsBench(world.state);
    await look(bench, world);
  } finally {
    await world.stop();
  }
}

const describeService = async (bench: AwsBench) => {
  const client = new ECSClient(plain(bench));
  const answer = await client.send(new DescribeServicesCommand({ cluster, services: [api] }));
  client.destroy();
  return answer.services?.[0];
};

describe("rollback that looks healthy", () => {
  it("is told by the service's deployments", { timeout: 30_000 }, async () => {
    await inWorld("release-rolled-back", async (bench) => {
      const seen = await describeService(bench);
      const primary = seen?.deployments?.find((one) => one.status === "PRIMARY");
      const naively =
        seen?.runningCount === seen?.desiredCount && primary?.rolloutState === "COMPLETED";
      expect(naively && "healthy").toBe("healthy");
      expect(seen?.deployments).toHaveLength(1);
      expect(await outcomesOf(bench, [serviceRunning, rollout, stoppedTasks])).toEqual([
        "running",
        "rolled-back",
        "past-release",
      ]);
    });
  });

  it(
    "is told by the service's events where its deployments are denied",
    { timeout: 30_000 },
    async () => {
      await inWorld("release-rolled-back", async (bench) => {
        bench.state.controlPlane.deniedActions = new Set(["ecs:ListServiceDeployments"]);
        expect(await outcomesOf(bench, [rollout])).toEqual(["rolled-back"]);
      });
    },
  );
});

describe("exit 137 with OutOfMemoryError is out of memory, 137 without is a SIGTERM time-out", () => {
  it.each([
    ["out-of-memory", "out-of-memory"],
    ["sigterm-ignored", "none"],
  ])("%s", { timeout: 30_000 }, async (fault, outcome) => {
    await inWorld(fault, async (bench) => {
      const client = new ECSClient(plain(bench));
      const listed = await client.send(
        new ListTasksCommand({ cluster, serviceName: api, desiredStatus: "STOPPED" }),
      );
      const { tasks } = await client.send(
        new DescribeTasksCommand({ cluster, tasks: listed.taskArns }),
      );
      client.destroy();
      const codes = tasks?.flatMap((task) => task.containers?.map((one) => one.exitCode) ?? []);
      const naively = codes?.includes(137) === true ? "out-of-memory" : "none";
      expect(naively).toBe("out-of-memory");
      expect(await outcomesOf(bench, [stoppedTasks])).toEqual([outcome]);
    });
  });
});

describe("`.local` from outside the VPC is 'cannot tell from here'", () => {
  it("and Cloud Map answers in its place", { timeout: 30_000 }, async () => {
    await inWorld("healthy", async (bench, world) => {
      const resolver = new Resolver();
      resolver.setServers([world.resolver]);
      const naively = await resolver
        .resolve4("api.hokusai-development.local")
        .catch((error: unknown) => (error as { code: string }).code);
      expect(naively).toBe("ENOTFOUND");
      expect(await outcomesOf(bench, [internalName, instances])).toEqual([
        "not run: not-applicable: api.hokusai-development.local resolves only inside the VPC; " +
          "run the bot in the VPC and set network.vantage: vpc",
        "match",
      ]);
      const gathered = await bench.gather(dnsInternalName);
      expect("missing" in gathered && gathered.missing.availability).toBe("never");
    });
  });
});

describe("empty pages with a nextToken", () => {
  /** Lines of no interest in the last quarter of an hour, and a complaint after them. */
  const quietThenTimeout = (quiet: number) => (state: WorldState) => {
    const write = (text: string, secondsAgo: number): void =>
      appendLog(state, group, "api/hokusai-api/x", text, state.now() - secondsAgo * 1_000);
    for (let i = 0; i < quiet; i += 1) write("INFO: 10.0.1.4 - GET /metrics 200", 800 - i);
    write("ERROR auth service timeout after 10.0s", 60);
  };
  const pages = async (bench: AwsBench): Promise<readonly number[]> => {
    const client = new CloudWatchLogsClient(plain(bench));
    const now = bench.state.now();
    const counts: number[] = [];
    let nextToken: string | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
      const answer = await client.send(
        new FilterLogEventsCommand({
          logGroupName: group,
          startTime: now - 900_000,
          endTime: now,
          filterPattern: "timeout",
          nextToken,
        }),
      );
      counts.push(answer.events?.length ?? 0);
      ({ nextToken } = answer);
    } while (nextToken !== undefined);
    client.destroy();
    return counts;
  };

  it.each([
    ["one", 2, [0, 1], "timeouts"],
    [
      "several: what the calls of the fast verdict do not reach, its newest minutes do",
      8,
      [0, 0, 0, 0, 1],
      "timeouts",
    ],
  ])("%s", async (_name, quiet, expected, outcome) => {
    await using bench = await startAwsBench(quietThenTimeout(quiet), { scanLimit: 2 });
    const counts = await pages(bench);
    expect(counts).toEqual(expected);
    const naively = counts[0] === 0 ? "none" : "timeouts";
    expect(naively).toBe("none");
    expect(await outcomesOf(bench, [auth])).toEqual([outcome]);
  });

  it("are followed when the lines of one request are looked for", async () => {
    await using bench = await startAwsBench(
      (state) => {
        const write = (text: string, msAgo: number): void =>
          appendLog(state, group, "api/hokusai-api/x", text, state.now() - msAgo);
        for (let i = 0; i < 4; i += 1) write("INFO: 10.0.1.4 - GET /metrics 200", 600 - i);
        write("INFO: request_id=hokusai-r-1 answered 200", 500);
      },
      { scanLimit: 2 },
    );
    const seen = answered(200, { predictions: [1] });
    const trace = await requestTrace.gather({
      ports: bench.ports as unknown as Ports,
      target: bench.target,
      reported: null,
      facts: { prediction: { seen } as never },
      signal: AbortSignal.timeout(10_000),
      now: bench.state.now(),
      runId: "r",
    });
    expect(trace.lines.map((line) => line.text)).toEqual([
      "INFO: request_id=hokusai-r-1 answered 200",
    ]);
  });

  it("that do not end are no proof that nothing was logged", async () => {
    const far = (state: WorldState): void => {
      for (let i = 0; i < 40; i += 1)
        appendLog(state, group, "api/hokusai-api/x", "INFO: fine", state.now() - (800 - i) * 1_000);
    };
    await using bench = await startAwsBench(far, { scanLimit: 2 });
    expect((await outcomesOf(bench, [auth]))[0]).toMatch(
      /^not run: .*the log is too busy to read in full/u,
    );
  });
});

describe("more than 100 tasks", () => {
  /** 130 more tasks run than are registered, and of 120 that stopped only the last one tells why. */
  const crowd = (state: WorldState): void => {
    const first = state.ecs.tasks.find((task) => task.group === `service:${api}`);
    if (first === undefined) throw new Error("the world has no task");
    const copy = (kind: string, index: number): Task => ({
      ...structuredClone(first),
      arn: `${first.arn.slice(0, -8)}${kind}${String(index).padStart(7, "0")}`,
    });
    state.ecs.tasks.push(
      ...Array.from({ length: 130 }, (_, i) => copy("a", i)),
      ...Array.from({ length: 120 }, (_, i): Task => {
        const task = copy("b", i);
        const killed = i === 119;
        return {
          ...task,
          desiredStatus: "STOPPED",
          lastStatus: "STOPPED",
          stoppedAt: state.now() - 600_000,
          stopCode: killed ? "EssentialContainerExited" : "ServiceSchedulerInitiated",
          stoppedReason: killed ? "Essential container in task exited" : "Scaling activity",
          containers: task.containers.map((one) => ({
            ...one,
            exitCode: killed ? 137 : 0,
            ...(killed ? { reason: "OutOfMemoryError: container killed due to memory usage" } : {}),
          })),
        };
      }),
    );
    serviceNamed(state, api).runningCount = 1;
  };

  it("are all seen, running and stopped, a hundred at a time", async () => {
    await using bench = await startAwsBench(crowd);
    const client = new ECSClient(plain(bench));
    const sizes = await Promise.all(
      (["RUNNING", "STOPPED"] as const).map(async (desiredStatus) => {
        const { taskArns = [] } = await client.send(
          new ListTasksCommand({ cluster, serviceName: api, desiredStatus }),
        );
        const { tasks = [] } = await client.send(
          new DescribeTasksCommand({ cluster, tasks: taskArns }),
        );
        return [tasks.length, tasks.some((task) => task.containers?.[0]?.exitCode === 137)];
      }),
    );
    // What a tool sees that reads one page, and what it says of why tasks stop: nothing.
    expect(sizes).toEqual([
      [100, false],
      [100, false],
    ]);
    const tooMany = client.send(
      new DescribeTasksCommand({ cluster, tasks: Array.from({ length: 101 }, (_, i) => `t${i}`) }),
    );
    await expect(tooMany).rejects.toThrow(/at most 100|100/u);
    client.destroy();

    const before = bench.server.calls.length;
    expect(await outcomesOf(bench, [stoppedTasks])).toEqual(["out-of-memory"]);
    const [running, stopped] = await Promise.all(
      [ecsTasks, ecsStoppedTasks].map(async (fact) => bench.gather(fact)),
    );
    expect(
      [running, stopped].map((one) => one?.state === "known" && (one.value as []).length),
    ).toEqual([132, 120]);
    const described = bench.server.calls
      .slice(before)
      .filter((call) => call.action === "ecs:DescribeTasks")
      .map((call) => (call.input["tasks"] as readonly string[]).length);
    expect(described.toSorted((a, b) => a - b)).toEqual([20, 32, 100, 100]);
  });
});

describe("HTML instead of XML/JSON", () => {
  // JSON protocol: ECS, logs. Query and EC2 protocols, which answer in XML: load balancing, EC2.
  const rows = [
    [serviceRunning, "ecs:DescribeServices"],
    [stream, "logs:DescribeLogStreams"],
    [targets, "elasticloadbalancing:DescribeTargetHealth"],
    [inbound, "ec2:DescribeSecurityGroups"],
  ] as const;
  it.each(
    rows.flatMap(([check, action]) =>
      (["well-formed", "unclosed-tags"] as const).map(
        (form) => [check.id, action, form, check] as const,
      ),
    ),
  )("%s: %s answers with a page (%s)", async (_id, action, form, check) => {
    await using bench = await startAwsBench((state) => {
      state.controlPlane.brokenActions = new Set([action]);
      state.controlPlane.brokenPage = form;
    });
    expect((await outcomesOf(bench, [check]))[0]).toMatch(
      new RegExp(
        `^not run: broken: ${action}: .+; look at what answers at the AWS endpoint: a proxy, a firewall`,
        "u",
      ),
    );
  });

  it("parses as an empty XML answer, in which a simple tool sees no target", async () => {
    await using bench = await startAwsBench((state) => {
      state.controlPlane.brokenActions = new Set(["*"]);
      state.controlPlane.brokenPage = "well-formed";
    });
    const client = new ElasticLoadBalancingV2Client(plain(bench));
    const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: "arn:x" }));
    client.destroy();
    const naively = (answer.TargetHealthDescriptions ?? []).length === 0 ? "none-registered" : "";
    expect(naively).toBe("none-registered");
  });
});

describe("throttling then success", () => {
  it("is a success", async () => {
    await using bench = await startAwsBench((state) => {
      state.controlPlane.throttledTimes = new Map([["ecs:DescribeServices", 3]]);
    });
    const naively = await describeService(bench).catch((error: unknown) => (error as Error).name);
    expect(naively).toBe("ThrottlingException");
    expect(await outcomesOf(bench, [serviceRunning])).toEqual(["running"]);
    expect(
      bench.server.calls.filter((call) => call.action === "ecs:DescribeServices"),
    ).toHaveLength(4);
  });

  it.each([
    [serviceRunning, ecsService, "ecs:DescribeServices", "ThrottlingException"],
    [targets, targetHealth, "elasticloadbalancing:DescribeTargetHealth", "Throttling"],
    [inbound, securityGroups, "ec2:DescribeSecurityGroups", "RequestLimitExceeded"],
  ])(
    "for ever is not run, says so, and ends within the deadline: $id",
    async (check, fact, action, code) => {
      await using bench = await startAwsBench((state) => {
        state.controlPlane.throttledActions = new Set([action]);
      });
      expect(await outcomesOf(bench, [check])).toEqual([
        `not run: broken: ${action}: AWS throttled every attempt (${code}); ` +
          "check again in a minute; fewer tools asking at once help",
      ]);
      const gathered = await bench.gather(fact);
      expect(gathered.tookMs).toBeLessThan(fact.deadlineMs);
    },
  );
});

describe("an answer that hangs", () => {
  it(
    "costs its checks and no more time than the fact's deadline",
    { timeout: 15_000 },
    async () => {
      await using bench = await startAwsBench((state) => {
        state.controlPlane.hangingActions = new Set(["ecs:DescribeServices"]);
      });
      const naively = describeService(bench).then(
        () => "an answer",
        () => "cut off",
      );
      const began = performance.now();
      expect(await outcomesOf(bench, [serviceRunning, stoppedTasks])).toEqual([
        "not run: timed-out-here: no answer for ecs-service within 4.0 s; " +
          "check again; where it stays, look at the network between the bot and what it asks",
        "none",
      ]);
      expect(performance.now() - began).toBeLessThan(ecsService.deadlineMs + 1_000);
      expect(await Promise.race([naively, Promise.resolve("still waiting")])).toBe("still waiting");
    },
  );
});

describe("a run in which AWS gives no answer ends, and accuses nobody", () => {
  const own = new Set(awsChecks.map((check) => check.id));
  it.each([
    ["HTML instead of XML/JSON", "brokenActions", "broken", 30],
    ["throttling for ever", "throttledActions", "broken", 30],
    ["an answer that hangs", "hangingActions", "timed-out-here", 3],
  ] as const)("%s", { timeout: 40_000 }, async (_name, disturbance, reason, deepVerdictSeconds) => {
    await using runs = await startAwsRuns({ deepVerdictSeconds });
    runs.world.state.controlPlane[disturbance] = new Set(["*"]);
    const run = await runs.run({ checks: own });
    expect(run.stopped).toBe("complete");
    expect(run.endedAfterMs).toBeLessThan((deepVerdictSeconds + 1) * 1_000);
    expect(run.diagnosis?.verdict).toBe("inconclusive");
    expect(run.findings).toEqual([]);
    // What nobody asked for is moot, whatever AWS answers.
    const asked = run.notRun.filter((row) => row.availability !== "moot");
    expect([...new Set(asked.map((row) => `${row.reason}, ${row.availability}`))]).toEqual([
      `${reason}, lost`,
    ]);
    expect(run.notRun.filter((row) => row.mend === "")).toEqual([]);
    expect(run.diagnosis?.hypotheses.filter((one) => one.verdict === "ruled-out")).toEqual([]);
  });
});

describe("DescribeServices for more than 10", () => {
  it("is refused as a whole; services are asked for one by one", async () => {
    await using bench = await startAwsBench();
    const names = [api, ...Array.from({ length: 11 }, (_, i) => `service-${i}`)];
    const client = new ECSClient(plain(bench));
    const naively = client.send(new DescribeServicesCommand({ cluster, services: names }));
    await expect(naively).rejects.toThrow(/10/u);
    client.destroy();
    const found = await Promise.all(
      names.map(async (name) => bench.ports.ecs.service(cluster, name, AbortSignal.timeout(5_000))),
    );
    expect(found.filter((one) => one !== null).map((one) => one.name)).toEqual([api]);
  });
});

/** The customer's POST, through DNS and the offline balancer: the status, and who answered. */
async function predict(world: LivingWorld): Promise<readonly [status: number, by: string]> {
  const answer = await createVisitor(world).visit("https://api.hokus.ai/api/v1/models/21/predict", {
    method: "POST",
    headers: { authorization: `Bearer ${keys.probe}`, "content-type": "application/json" },
    body: { inputs },
  });
  return [answer.status, answer.headers.server === "awselb/2.0" ? "load balancer" : "API"];
}

const rulesOf = async (bench: AwsBench) => {
  const client = new ElasticLoadBalancingV2Client(plain(bench));
  const { Rules = [] } = await client.send(
    new DescribeRulesCommand({ ListenerArn: listenerArns.mainHttps }),
  );
  client.destroy();
  return Rules;
};
const groupsOfRule = (rules: Awaited<ReturnType<typeof rulesOf>>, priority: string) =>
  rules
    .find((rule) => rule.Priority === priority)
    ?.Actions?.flatMap((action) => action.ForwardConfig?.TargetGroups ?? []) ?? [];
const healthOf = async (bench: AwsBench) => {
  const client = new ElasticLoadBalancingV2Client(plain(bench));
  const { TargetHealthDescriptions = [] } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArns.api }),
  );
  client.destroy();
  return TargetHealthDescriptions.map((one) => one.TargetHealth?.State);
};

describe("shadowed rule", () => {
  it("is not the one that takes the request", { timeout: 30_000 }, async () => {
    await inWorld("load-balancer-misconfigured", async (bench, world) => {
      const named = groupsOfRule(await rulesOf(bench), "20").map((one) => one.TargetGroupArn);
      const naively = named.includes(targetGroupArns.api) ? "a rule forwards to the API" : "";
      expect(naively).toBe("a rule forwards to the API");
      expect(await predict(world)).toEqual([503, "load balancer"]);
      expect(await outcomesOf(bench, [routing, chain])).toEqual([
        "other-target-group",
        "route-elsewhere",
      ]);
      expect(await bench.summary(routing as unknown as Check)).toBe(
        "hokusai-main-development: rule 15 (host api.hokus.ai, path /api/v1/*): forward to hokusai-api-legacy, " +
          "which shadows rule 20 (host api.hokus.ai): forward to hokusai-api-development",
      );
    });
  });
});

describe("host condition is case-insensitive, path is case-sensitive", () => {
  it.each([
    ["API.Hokus.AI", "/api/*", [200, "API"], "to-service"],
    ["api.hokus.ai", "/API/*", [404, "load balancer"], "fixed-response"],
  ])("%s %s", { timeout: 30_000 }, async (hostName, path, answered, outcome) => {
    await inWorld("healthy", async (bench, world) => {
      await world.change((state) => {
        const rule = state.elb.rules.find(
          (one) => one.listenerArn === listenerArns.mainHttps && one.priority === 20,
        );
        if (rule === undefined) throw new Error("the listener has no rule 20");
        rule.conditions = [
          { field: "host-header", values: [hostName] },
          { field: "path-pattern", values: [path] },
        ];
      });
      expect(await predict(world)).toEqual(answered);
      expect(await outcomesOf(bench, [routing])).toEqual([outcome]);
    });
  });
});

describe("weight 0", () => {
  it(
    "gets no request, though the rule names the group and it is healthy",
    { timeout: 30_000 },
    async () => {
      await inWorld("weight-zero", async (bench, world) => {
        const named = groupsOfRule(await rulesOf(bench), "20");
        const healthy = (await healthOf(bench)).every((state) => state === "healthy");
        const naively = named.some((one) => one.TargetGroupArn === targetGroupArns.api) && healthy;
        expect(naively).toBe(true);
        expect(await predict(world)).toEqual([503, "load balancer"]);
        expect(await outcomesOf(bench, [targets, routing])).toEqual(["healthy", "weight-zero"]);
      });
    },
  );
});

describe("fail-open targets", () => {
  it("answer while every one of them is unhealthy", { timeout: 30_000 }, async () => {
    await inWorld("fail-open", async (bench, world) => {
      const before = await healthOf(bench);
      const answered = await predict(world);
      const after = await healthOf(bench);
      const naively = before.every((state) => state === "unhealthy") ? "the API is down" : "";
      expect(naively).toBe("the API is down");
      expect([...new Set([...before, ...after])]).toEqual(["unhealthy"]);
      expect(answered).toEqual([200, "API"]);
      expect(await outcomesOf(bench, [targets, healthCheck, chain])).toEqual([
        "unhealthy-response",
        "wrong-path-or-port",
        "proven",
      ]);
    });
  });
});

describe("a target group's port that differs from containerPort is fine", () => {
  it("since each target is registered with its own", { timeout: 30_000 }, async () => {
    await inWorld("healthy", async (bench, world) => {
      await world.change((state) => {
        const own = state.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
        if (own !== undefined) own.port = 80;
      });
      const client = new ElasticLoadBalancingV2Client(plain(bench));
      const { TargetGroups } = await client.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArns.api] }),
      );
      client.destroy();
      const seen = await describeService(bench);
      const naively = TargetGroups?.[0]?.Port === seen?.loadBalancers?.[0]?.containerPort;
      expect(naively || "port mismatch").toBe("port mismatch");
      expect(await predict(world)).toEqual([200, "API"]);
      expect(await outcomesOf(bench, [containerPort, healthCheck, targets])).toEqual([
        "agree",
        "consistent",
        "healthy",
      ]);
    });
  });
});

/** The tasks' network ACL as EC2 describes it: its entries of one direction, refusals before the last left out. */
const allowedBy = async (bench: AwsBench, egress: boolean) => {
  const client = new EC2Client(plain(bench));
  const { NetworkAcls = [] } = await client.send(
    new DescribeNetworkAclsCommand({
      Filters: [{ Name: "association.subnet-id", Values: [subnetIds.private[0]] }],
    }),
  );
  client.destroy();
  return (NetworkAcls[0]?.Entries ?? []).filter(
    (one) => one.Egress === egress && one.RuleAction === "allow",
  );
};

describe("NACL ephemeral ports", () => {
  it("drop answers although the port itself is open", { timeout: 30_000 }, async () => {
    await inWorld("acl-ephemeral-out", async (bench, world) => {
      const naively = (await allowedBy(bench, false)).some((one) => one.Protocol === "-1");
      expect(naively && "8001 is open").toBe("8001 is open");
      expect((await predict(world))[1]).toBe("load balancer");
      expect(await bench.outcome(inbound as unknown as Check)).toBe("blocked-by-acl");
      expect(await bench.summary(inbound as unknown as Check)).toMatch(
        /answers out: acl-\w+ out: rule 50 denies 1024-65535 .* TCP 1024-65535 has to pass$/u,
      );
    });
  });

  it("of a task are those that Linux gives out, not 1024-65535", { timeout: 30_000 }, async () => {
    await inWorld("healthy", async (bench, world) => {
      const entry = (
        egress: boolean,
        ruleNumber: number,
        cidrBlock: string,
        from: number,
        to = from,
      ) => ({
        ruleNumber,
        egress,
        protocol: "6",
        ruleAction: "allow" as const,
        cidrBlock,
        portRange: { from, to },
      });
      await world.change((state) => {
        const [acl] = state.ec2.networkAcls;
        if (acl === undefined) throw new Error("the world has no ACL");
        const own = { ...structuredClone(acl), networkAclId: "acl-narrow", isDefault: false };
        own.subnetIds = [...subnetIds.private];
        own.entries = [
          entry(false, 100, "10.0.0.0/16", 8001),
          entry(false, 110, "0.0.0.0/0", 32_768, 60_999),
          entry(true, 100, "0.0.0.0/0", 443),
          entry(true, 110, "10.0.0.0/16", 1_024, 65_535),
        ];
        acl.subnetIds = acl.subnetIds.filter((id) => !own.subnetIds.includes(id));
        state.ec2.networkAcls.push(own);
      });
      const naively = (await allowedBy(bench, false)).some(
        (one) => (one.PortRange?.From ?? 0) <= 1_024 && (one.PortRange?.To ?? 0) >= 65_535,
      );
      expect(naively || "answers are dropped").toBe("answers are dropped");
      expect(await predict(world)).toEqual([200, "API"]);
      expect(await outcomesOf(bench, [inbound, egressAuth, egressRedis])).toEqual([
        "allowed",
        "allowed",
        "allowed",
      ]);
    });
  });
});

describe("security group by group reference, not by the service's configuration", () => {
  const taskIngress = async (bench: AwsBench) => {
    const configured = (await describeService(bench))?.networkConfiguration?.awsvpcConfiguration;
    const client = new EC2Client(plain(bench));
    const { SecurityGroups = [] } = await client.send(
      new DescribeSecurityGroupsCommand({ GroupIds: configured?.securityGroups ?? [] }),
    );
    client.destroy();
    return SecurityGroups.flatMap((one) => one.IpPermissions ?? []);
  };

  it("a reference lets in what no range does", { timeout: 30_000 }, async () => {
    await inWorld("healthy", async (bench, world) => {
      const ranges = (await taskIngress(bench)).flatMap((one) => one.IpRanges ?? []);
      expect(ranges.length > 0 || "nothing lets the load balancer in").toBe(
        "nothing lets the load balancer in",
      );
      expect(await predict(world)).toEqual([200, "API"]);
      expect(await outcomesOf(bench, [inbound])).toEqual(["allowed"]);
    });
  });

  it("the groups that count are those of the tasks' interfaces", { timeout: 30_000 }, async () => {
    await inWorld("healthy", async (bench, world) => {
      const { state } = world;
      // New tasks would get the right group again: nothing is to be replaced while we look.
      state.settings.healthCheckIntervalMs = 60_000;
      for (const one of state.ec2.networkInterfaces) {
        if (one.groupIds.includes(groupIds.api)) one.groupIds = [groupIds.worker];
      }
      const naively = (await taskIngress(bench)).some((one) =>
        one.UserIdGroupPairs?.some((pair) => pair.GroupId === groupIds.loadBalancer),
      );
      expect(naively && "the load balancer is let in").toBe("the load balancer is let in");
      expect((await predict(world))[1]).toBe("load balancer");
      expect(await outcomesOf(bench, [inbound])).toEqual(["blocked-by-group"]);
      expect(await bench.summary(inbound as unknown as Check)).toContain(
        `${groupIds.worker} ingress: nothing allows TCP 8001`,
      );
    });
  });
});
