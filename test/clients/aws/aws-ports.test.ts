import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { createAwsPorts } from "#clients/aws/aws-ports.ts";
import { FactUnavailable, type Missing } from "#core/missing.ts";
import type { AwsPorts } from "#core/ports/aws.ts";
import { createRedactor } from "#core/redact.ts";
import { appendTrail, type Task } from "../../../src/sandbox/world/state.ts";
import { startAwsBench } from "../../checks/aws-bench.ts";

const cluster = "hokusai-development";
const service = "hokusai-api-development";
const group = "/ecs/hokusai-api-development";
const soon = (): AbortSignal => AbortSignal.timeout(10_000);

/** What a call could not be had for. */
async function missing(work: Promise<unknown>): Promise<Missing> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof FactUnavailable) return error.missing;
  throw new Error(`expected FactUnavailable, got ${String(error)}`);
}

const everyCall = (
  aws: AwsPorts,
  signal: AbortSignal,
): readonly (readonly [action: string, work: () => Promise<unknown>])[] => {
  const at = { from: Date.now() - 60_000, to: Date.now() };
  return [
    ["ecs:DescribeServices", () => aws.ecs.service(cluster, service, signal)],
    ["ecs:ListTasks", () => aws.ecs.tasks(cluster, service, "RUNNING", signal)],
    ["ecs:DescribeTasks", () => aws.ecs.tasks(cluster, service, "RUNNING", signal)],
    ["ecs:DescribeTaskDefinition", () => aws.ecs.taskDefinition(`${service}:1`, signal)],
    ["ecs:ListServiceDeployments", () => aws.ecs.deployments(cluster, service, signal)],
    [
      "elasticloadbalancing:DescribeLoadBalancers",
      () => aws.loadBalancing.loadBalancer("hokusai-main-development", signal),
    ],
    [
      "elasticloadbalancing:DescribeTargetGroups",
      () => aws.loadBalancing.targetGroups({ arns: ["arn:x"] }, signal),
    ],
    [
      "elasticloadbalancing:DescribeTargetHealth",
      () => aws.loadBalancing.targetHealth("arn:x", signal),
    ],
    ["elasticloadbalancing:DescribeListeners", () => aws.loadBalancing.listeners("arn:x", signal)],
    ["elasticloadbalancing:DescribeRules", () => aws.loadBalancing.rules("arn:x", signal)],
    [
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      () => aws.loadBalancing.accessLog("arn:x", signal),
    ],
    [
      "s3:ListBucket",
      () =>
        aws.objects.list(
          { bucket: "hokusai-development-access-logs", prefix: "", after: "" },
          signal,
        ),
    ],
    [
      "s3:GetObject",
      () =>
        aws.objects.text(
          { bucket: "hokusai-development-access-logs", key: "x", mostBytes: 100 },
          signal,
        ),
    ],
    [
      "logs:FilterLogEvents",
      () => aws.logs.page({ group, ...at, pattern: null, token: null }, signal),
    ],
    ["logs:DescribeLogStreams", () => aws.logs.streams(group, null, signal)],
    ["logs:DescribeLogGroups", () => aws.logs.retention(group, signal)],
    ["logs:StartQuery", () => aws.logs.insights({ group, ...at, text: "fields @message" }, signal)],
    ["ec2:DescribeNetworkInterfaces", () => aws.network.interfaces({ ids: ["eni-1"] }, signal)],
    ["ec2:DescribeSecurityGroups", () => aws.network.securityGroups(["sg-1"], signal)],
    ["ec2:DescribeSubnets", () => aws.network.subnets(["subnet-1"], signal)],
    ["ec2:DescribeNetworkAcls", () => aws.network.acls(["subnet-1"], signal)],
    ["ec2:DescribeRouteTables", () => aws.network.routeTables("vpc-1", signal)],
    ["ec2:GetManagedPrefixListEntries", () => aws.network.prefixList("pl-63a5400a", signal)],
    ["ec2:DescribeVpcEndpoints", () => aws.network.endpoints("vpc-1", signal)],
    ["ec2:DescribeVpcAttribute", () => aws.network.dns("vpc-0c5a1f6e2b7d84390", signal)],
    ["servicediscovery:ListInstances", () => aws.discovery.instances("srv-1", signal)],
    [
      "servicediscovery:DiscoverInstances",
      () => aws.discovery.discover("example.local", "api", signal),
    ],
    [
      "cloudwatch:GetMetricData",
      () =>
        aws.metrics.series(
          [{ id: "a", namespace: "AWS/ECS", metric: "x", dimensions: {}, statistic: "Sum" }],
          { ...at, periodSeconds: 60 },
          signal,
        ),
    ],
    ["cloudtrail:LookupEvents", () => aws.trail.changes(at, signal)],
    ["sts:GetCallerIdentity", () => aws.identity.caller(signal)],
  ];
};

describe("what cannot be had", () => {
  it("AccessDenied names the IAM action, for each of them", async () => {
    await using bench = await startAwsBench();
    const rows = [];
    for (const [action, work] of everyCall(bench.ports, soon())) {
      bench.state.controlPlane.deniedActions = new Set([action]);
      const { reason, mend, availability } = await missing(work());
      rows.push([action, reason, mend, availability]);
    }
    expect(rows).toEqual(rows.map(([action]) => [action, "denied", `grant ${action}`, "lost"]));
    expect(rows).toHaveLength(30);
  });

  it.each([["well-formed"], [undefined]] as const)(
    "HTML instead of XML or JSON is broken, never an answer (%s)",
    async (form) => {
      await using bench = await startAwsBench();
      bench.state.controlPlane.brokenActions = new Set(["*"]);
      if (form !== undefined) bench.state.controlPlane.brokenPage = form;
      for (const [, work] of everyCall(bench.ports, soon())) {
        expect((await missing(work())).reason).toBe("broken");
      }
    },
    30_000,
  );

  it("throttled for ever is broken and says so; throttled once, then answered, is an answer", async () => {
    await using bench = await startAwsBench();
    bench.state.controlPlane.throttledActions = new Set(["ecs:DescribeServices"]);
    const { reason, detail } = await missing(bench.ports.ecs.service(cluster, service, soon()));
    expect([reason, detail]).toEqual([
      "broken",
      "ecs:DescribeServices: AWS throttled every attempt (ThrottlingException)",
    ]);
    expect(
      bench.server.calls.filter((call) => call.action === "ecs:DescribeServices"),
    ).toHaveLength(3);

    bench.state.controlPlane.throttledActions = new Set();
    bench.state.controlPlane.throttledTimes = new Map([["ecs:DescribeServices", 1]]);
    expect((await bench.ports.ecs.service(cluster, service, soon()))?.running).toBe(2);
  });

  it("no answer within our deadline is timed out here", async () => {
    await using bench = await startAwsBench();
    bench.state.controlPlane.hangingActions = new Set(["*"]);
    const signal = AbortSignal.timeout(150);
    for (const [, work] of everyCall(bench.ports, signal).slice(0, 6)) {
      expect((await missing(work())).reason).toBe("timed-out-here");
    }
  });

  it("nobody at the endpoint is broken and names the network", async () => {
    const redactor = createRedactor();
    const aws = createAwsPorts({
      region: "us-east-1",
      endpointUrl: "http://127.0.0.1:9",
      role: null,
      redactor,
    });
    const { reason, mend } = await missing(aws.ecs.service(cluster, service, soon()));
    aws.close();
    expect([reason, mend]).toEqual([
      "broken",
      "look at the network, proxy and DNS between the bot and the AWS endpoint",
    ]);
  });

  it.each([
    ["broken", 400, { __type: "com.amazonaws#UnknownOperationException" }],
    ["broken", 501, { message: "API for service 'ecs' not yet implemented" }],
    ["broken", 200, {}],
    ["broken", 200, { services: [{ serviceName: service }], failures: [] }],
    [
      "denied",
      400,
      {
        __type: "ExpiredTokenException",
        message: "The security token included in the request is expired",
      },
    ],
    [
      "denied",
      400,
      {
        __type: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
      },
    ],
  ])("%s: an emulator that answers %i %o", async (reason, status, body) => {
    const server = createServer((_request, response) => {
      response
        .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const aws = createAwsPorts({
      region: "us-east-1",
      endpointUrl: `http://127.0.0.1:${port}`,
      role: null,
      redactor: createRedactor(),
    });
    const seen = await missing(aws.ecs.service(cluster, service, soon()));
    aws.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(seen.reason).toBe(reason);
    expect(seen.mend).not.toBe("");
  });
});

describe("what is none", () => {
  it("is told from what cannot be had", async () => {
    await using bench = await startAwsBench();
    const { ecs, loadBalancing, logs, discovery } = bench.ports;
    const window = { from: Date.now() - 60_000, to: Date.now(), pattern: null, token: null };
    expect(await ecs.service(cluster, "nobody", soon())).toBeNull();
    expect(await ecs.service("nowhere", service, soon())).toBeNull();
    expect(await ecs.taskDefinition(`${service}:999`, soon())).toBeNull();
    expect(await loadBalancing.loadBalancer("nobody", soon())).toBeNull();
    expect(await logs.streams("/ecs/nobody", null, soon())).toBeNull();
    expect(await logs.page({ ...window, group: "/ecs/nobody" }, soon())).toBeNull();
    expect(await discovery.discover("nowhere.local", "api", soon())).toBeNull();
  });
});

describe("what is asked and kept", () => {
  it("reads more than 100 tasks", async () => {
    await using bench = await startAwsBench((state) => {
      const first = state.ecs.tasks.find((task) => task.group === `service:${service}`);
      if (first === undefined) throw new Error("the world has no task");
      const more = Array.from({ length: 130 }, (_, i): Task => ({
        ...first,
        arn: `${first.arn.slice(0, -6)}${String(i).padStart(6, "0")}`,
      }));
      state.ecs.tasks.push(...more);
    });
    expect(await bench.ports.ecs.tasks(cluster, service, "RUNNING", soon())).toHaveLength(132);
  });

  it("reads all of a prefix list, a hundred entries at a time", async () => {
    const cidrs = Array.from({ length: 230 }, (_, i) => `10.${i}.0.0/16`);
    await using bench = await startAwsBench((state) => {
      state.ec2.prefixLists.push({
        prefixListId: "pl-long",
        name: "long",
        cidrs,
        managed: { version: 7, maxEntries: 1_000 },
      });
    });
    expect(await bench.ports.network.prefixList("pl-long", soon())).toEqual(cidrs);
    const asked = bench.server.calls.map((call) => call.action);
    expect(asked).toEqual(Array.from({ length: 3 }, () => "ec2:GetManagedPrefixListEntries"));
  });

  it("tells endpoints and DNS settings of a VPC", async () => {
    await using bench = await startAwsBench((state) => {
      for (const vpc of state.ec2.vpcs) vpc.enableDnsHostnames = false;
    });
    const vpc = "vpc-0c5a1f6e2b7d84390";
    expect(await bench.ports.network.dns(vpc, soon())).toEqual({ support: true, hostnames: false });
    expect(await bench.ports.network.endpoints(vpc, soon())).toEqual([
      {
        id: "vpce-0b8c0ffee00000001",
        service: "com.amazonaws.us-east-1.s3",
        type: "gateway",
        state: "available",
        privateDns: false,
        subnets: [],
        groups: [],
        interfaces: [],
      },
    ]);
  });

  it("hands out an empty page with its token", async () => {
    await using bench = await startAwsBench(
      (state) => {
        const now = state.now();
        const lines = Array.from({ length: 5 }, (_, i) => ({
          timestamp: now - 10_000 + i,
          ingestionTime: now,
          message: i === 4 ? "ERROR the end" : "fine",
          eventId: `${i}`,
        }));
        state.logs.groups
          .find((one) => one.name === group)
          ?.streams.push({ name: "ecs/api/x", creationTime: now, events: lines });
      },
      { scanLimit: 2 },
    );
    const query = { group, from: Date.now() - 60_000, to: Date.now() + 1_000, pattern: '?"ERROR"' };
    const pages = [];
    let token: string | null = null;
    do {
      const page = await bench.ports.logs.page({ ...query, token }, soon());
      pages.push(page?.lines.length);
      token = page?.token ?? null;
    } while (token !== null);
    expect(pages).toEqual([0, 0, 1]);
  });

  it("lets no variable's value out of the adapter, and redacts log lines on the way in", async () => {
    const secret = "postgres-value-that-must-stay-4711";
    await using bench = await startAwsBench((state) => {
      for (const definition of state.ecs.taskDefinitions) {
        definition.containerDefinitions[0]?.environment.push({
          name: "ODD_SETTING",
          value: secret,
        });
        definition.containerDefinitions[0]?.command?.push(`--key=${secret}`);
      }
      const now = state.now();
      state.logs.groups
        .find((one) => one.name === group)
        ?.streams.push({
          name: "ecs/api/x",
          creationTime: now,
          events: [
            {
              timestamp: now,
              ingestionTime: now,
              message: "ERROR with Bearer hk_live_0123456789",
              eventId: "1",
            },
          ],
        });
    });
    const described = await bench.ports.ecs.service(cluster, service, soon());
    const definition = await bench.ports.ecs.taskDefinition(
      described?.taskDefinition ?? "",
      soon(),
    );
    const names = definition?.containers[0]?.variables.map((one) => one.name);
    expect(names).toContain("ODD_SETTING");
    expect(JSON.stringify(definition)).not.toContain(secret);
    const page = await bench.ports.logs.page(
      { group, from: Date.now() - 60_000, to: Date.now() + 1_000, pattern: null, token: null },
      soon(),
    );
    expect(page?.lines[0]?.text).toContain("removed]");
    expect(page?.lines[0]?.text).not.toContain("hk_live");
  });

  it("assumes the role that the environment names, once for all services", async () => {
    await using bench = await startAwsBench();
    const role = "arn:aws:iam::123456789012:role/hokusai-read";
    const aws = createAwsPorts({
      region: "us-east-1",
      endpointUrl: bench.server.url,
      role,
      redactor: createRedactor(),
    });
    await aws.ecs.service(cluster, service, soon());
    await aws.loadBalancing.loadBalancer("hokusai-main-development", soon());
    bench.state.controlPlane.deniedActions = new Set(["sts:AssumeRole"]);
    aws.close();
    expect(bench.server.calls.filter((call) => call.action === "sts:AssumeRole")).toHaveLength(1);
    const refused = createAwsPorts({
      region: "us-east-1",
      endpointUrl: bench.server.url,
      role,
      redactor: createRedactor(),
    });
    const { reason, mend } = await missing(refused.ecs.service(cluster, service, soon()));
    refused.close();
    expect([reason, mend]).toEqual(["denied", `grant sts:AssumeRole on ${role}`]);
  });
});

it("keeps of a change its resources and the few words that say what it did, and nothing else", async () => {
  const change = (eventName: string, requestParameters: Record<string, unknown>) => ({
    eventName,
    eventSource: "ec2.amazonaws.com",
    username: "deploy-bot",
    requestParameters,
  });
  await using bench = await startAwsBench((state) => {
    const items = [
      {
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        groups: {},
        ipRanges: { items: [{ cidrIp: "0.0.0.0/0", description: "for Ann" }] },
      },
      { ipProtocol: "tcp", fromPort: 80, toPort: 90, groups: { items: [{ groupId: "sg-2" }] } },
      { ipProtocol: "-1", ipRanges: {} },
    ];
    const group = { groupId: "sg-1", ipPermissions: { items } };
    appendTrail(state, change("RevokeSecurityGroupEgress", group));
    appendTrail(state, change("UpdateService", { service: "api", desiredCount: 0 }));
    appendTrail(state, change("PutSecretValue", { secretId: "s", secretString: "hunter2" }));
    appendTrail(state, change("RevokeSecurityGroupIngress", { ipPermissions: "as it likes" }));
  });
  const now = bench.state.now();
  const { events } = await bench.ports.trail.changes({ from: now - 60_000, to: now }, soon());
  const details = Object.fromEntries(events.map((event) => [event.name, event.details]));
  expect(details).toEqual({
    RevokeSecurityGroupEgress: ["tcp 443 0.0.0.0/0", "tcp 80-90 sg-2", "all traffic"],
    UpdateService: ["desired count 0"],
    PutSecretValue: [],
    RevokeSecurityGroupIngress: [],
  });
  expect(JSON.stringify(events)).not.toMatch(/hunter2|Ann/u);
});
