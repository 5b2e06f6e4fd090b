import {
  DescribeClustersCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  paginateListServices,
  paginateListTasks,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceNamed } from "../../../src/sandbox/world/state.ts";
import type { Service, Task, WorldState } from "../../../src/sandbox/world/state.ts";
import { startBench } from "./start.ts";
import type { Bench } from "./start.ts";

const cluster = "hokusai-development";
const service = "hokusai-api-development";
const startedAt = Date.parse("2026-11-20T10:00:00.250Z");

let bench: Bench;
const servicesOf = (name: string) =>
  bench.state.ecs.services.filter((one) => one.clusterArn.endsWith(`/${name}`));
let api: Service;
const running = (): Task => {
  const task = bench.state.ecs.tasks.find((one) => one.group === `service:${service}`);
  if (task === undefined) throw new Error("the world has no task of the API");
  return task;
};

/** Copies of the running task, stopped `minutesAgo`, with ids that sort by number. */
const addStopped = (state: WorldState, count: number, minutesAgo: number, prefix: string): void => {
  const model = state.ecs.tasks.find((one) => one.group === `service:${service}`);
  if (model === undefined) throw new Error("the world has no task of the API");
  for (let index = 0; index < count; index += 1) {
    const id = prefix + String(index).padStart(32 - prefix.length, "0");
    state.ecs.tasks.push({
      ...structuredClone(model),
      id,
      arn: `arn:aws:ecs:us-east-1:123456789012:task/${cluster}/${id}`,
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: state.now() - minutesAgo * 60_000,
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        {
          name: "hokusai-api",
          image: "image",
          runtimeId: `${id}-1`,
          lastStatus: "STOPPED",
          exitCode: 137,
          reason: "OutOfMemoryError: Container killed due to memory usage",
          healthStatus: "UNKNOWN",
          networkInterfaces: [],
        },
      ],
    });
  }
};

beforeAll(async () => {
  bench = await startBench((state) => {
    addStopped(state, 130, 5, "a");
    addStopped(state, 1, 61, "b");
    api = serviceNamed(state, service);
    api.createdAt = startedAt;
    api.deploymentConfiguration.deploymentCircuitBreaker = { enable: true, rollback: true };
    api.events.unshift({
      id: "e-1",
      createdAt: state.now(),
      message: "(service x) is <unhealthy>",
    });
  });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

describe("services", () => {
  it("describes one with its counts, deployments, events and times", async () => {
    const answer = await bench.clients.ecs.send(
      new DescribeServicesCommand({ cluster, services: [service] }),
    );
    const found = answer.services?.[0];
    expect(found).toMatchObject({
      serviceArn: api.arn,
      serviceName: service,
      status: "ACTIVE",
      desiredCount: api.desiredCount,
      runningCount: api.runningCount,
      taskDefinition: api.taskDefinition,
      healthCheckGracePeriodSeconds: api.healthCheckGracePeriodSeconds,
      loadBalancers: [{ containerPort: 8001, containerName: "hokusai-api" }],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    expect(found?.createdAt).toEqual(new Date(startedAt));
    expect(found?.events?.[0]?.message).toBe("(service x) is <unhealthy>");
    expect(found?.deployments?.[0]).toMatchObject({
      status: "PRIMARY",
      rolloutState: "COMPLETED",
      taskDefinition: api.taskDefinition,
    });
    expect(found?.deployments?.[0]?.updatedAt).toBeInstanceOf(Date);
    expect(answer.failures).toEqual([]);
  });

  it("reports a missing one as a failure beside those it has", async () => {
    const answer = await bench.clients.ecs.send(
      new DescribeServicesCommand({ cluster, services: ["nobody", api.arn] }),
    );
    expect(answer.services?.map((one) => one.serviceName)).toEqual([service]);
    expect(answer.failures).toEqual([
      {
        arn: `arn:aws:ecs:us-east-1:123456789012:service/${cluster}/nobody`,
        reason: "MISSING",
      },
    ]);
  });

  it.each([
    {
      name: "a cluster that is not there",
      input: { cluster: "other", services: [service] },
      error: "ClusterNotFoundException",
    },
    {
      name: "more than ten services",
      input: { cluster, services: Array.from({ length: 11 }, (_, i) => `s${i}`) },
      error: "InvalidParameterException",
    },
    { name: "no services", input: { cluster, services: [] }, error: "InvalidParameterException" },
  ])("refuses $name", async ({ input, error }) => {
    const call = bench.clients.ecs.send(new DescribeServicesCommand(input));
    await expect(call).rejects.toMatchObject({ name: error, $fault: "client" });
  });

  it("lists them in pages", async () => {
    const arns: string[] = [];
    let pages = 0;
    for await (const page of paginateListServices(
      { client: bench.clients.ecs, pageSize: 1 },
      { cluster },
    )) {
      arns.push(...(page.serviceArns ?? []));
      pages += 1;
    }
    expect(arns).toEqual(servicesOf(cluster).map((one) => one.arn));
    expect(pages).toBe(servicesOf(cluster).length);
    const whole = await bench.clients.ecs.send(new ListServicesCommand({ cluster }));
    expect(whole.nextToken).toBeUndefined();
  });

  it("describes clusters, the absent ones as failures", async () => {
    const answer = await bench.clients.ecs.send(
      new DescribeClustersCommand({ clusters: [cluster, "other"] }),
    );
    expect(answer.clusters).toMatchObject([
      {
        clusterName: cluster,
        status: "ACTIVE",
        activeServicesCount: servicesOf(cluster).length,
      },
    ]);
    expect(answer.failures).toMatchObject([{ reason: "MISSING" }]);
  });
});

describe("tasks", () => {
  it("lists running ones of a service only", async () => {
    const answer = await bench.clients.ecs.send(
      new ListTasksCommand({ cluster, serviceName: service }),
    );
    const expected = bench.state.ecs.tasks.filter(
      (one) => one.group === `service:${service}` && one.desiredStatus === "RUNNING",
    );
    expect(answer.taskArns).toEqual(expected.map((one) => one.arn));
    expect(expected.length).toBeGreaterThan(0);
  });

  it("pages through more than 100 stopped ones and forgets those older than an hour", async () => {
    const sizes: number[] = [];
    const arns: string[] = [];
    const paging = paginateListTasks(
      { client: bench.clients.ecs },
      { cluster, serviceName: service, desiredStatus: "STOPPED" },
    );
    for await (const page of paging) {
      sizes.push(page.taskArns?.length ?? 0);
      arns.push(...(page.taskArns ?? []));
    }
    expect(sizes).toEqual([100, 30]);
    expect(new Set(arns).size).toBe(130);
    expect(arns.some((arn) => arn.includes("/b000"))).toBe(false);
  });

  it("describes a stopped one with code, reasons and exit code", async () => {
    const id = "a".padEnd(32, "0");
    const answer = await bench.clients.ecs.send(new DescribeTasksCommand({ cluster, tasks: [id] }));
    expect(answer.tasks?.[0]).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 137, reason: expect.stringContaining("OutOfMemoryError") }],
    });
    expect(answer.tasks?.[0]?.stoppedAt).toBeInstanceOf(Date);
  });

  it("describes a running one with the address of its interface", async () => {
    const task = running();
    const answer = await bench.clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: [task.arn] }),
    );
    const details = answer.tasks?.[0]?.attachments?.[0]?.details;
    expect(details?.find((one) => one.name === "privateIPv4Address")?.value).toMatch(/^10\.0\./u);
    expect(answer.tasks?.[0]?.containers?.[0]?.taskArn).toBe(task.arn);
    expect(answer.tasks?.[0]?.stoppedAt).toBeUndefined();
  });

  it("reports an unknown and a forgotten one as MISSING", async () => {
    const forgotten = "b".padEnd(32, "0");
    const answer = await bench.clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: ["f".repeat(32), forgotten] }),
    );
    expect(answer.tasks).toEqual([]);
    expect(answer.failures?.map((one) => one.reason)).toEqual(["MISSING", "MISSING"]);
  });

  it.each([
    {
      name: "101 tasks",
      send: () =>
        bench.clients.ecs.send(
          new DescribeTasksCommand({ cluster, tasks: Array.from({ length: 101 }, () => "x") }),
        ),
      error: "InvalidParameterException",
    },
    {
      name: "a service that is not there",
      send: () => bench.clients.ecs.send(new ListTasksCommand({ cluster, serviceName: "nobody" })),
      error: "ServiceNotFoundException",
    },
    {
      name: "a token it did not give",
      send: () => bench.clients.ecs.send(new ListTasksCommand({ cluster, nextToken: "made-up" })),
      error: "InvalidParameterException",
    },
  ])("refuses $name", async ({ send, error }) => {
    await expect(send()).rejects.toMatchObject({ name: error });
  });
});

describe("task definitions", () => {
  it("describes a revision with its environment in plain text", async () => {
    const answer = await bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: api.taskDefinition }),
    );
    const container = answer.taskDefinition?.containerDefinitions?.[0];
    expect(answer.taskDefinition?.taskDefinitionArn).toBe(api.taskDefinition);
    expect(container?.environment).toContainEqual({
      name: "HOKUSAI_AUTH_SERVICE_URL",
      value: "https://auth.hokus.ai",
    });
    expect(container?.secrets?.map((one) => one.name)).toContain("HUGGINGFACE_API_KEY");
    expect(container?.portMappings?.[0]?.containerPort).toBe(8001);
    expect(container?.logConfiguration?.options?.["awslogs-group"]).toBe(`/ecs/${service}`);
    expect(answer.taskDefinition?.registeredAt).toBeInstanceOf(Date);
  });

  it("takes the newest active revision of a family, and lists the newest first", async () => {
    const family = api.taskDefinition.split("/").at(-1)?.split(":")[0] ?? "";
    const listed = await bench.clients.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: family, sort: "DESC" }),
    );
    const revisions = listed.taskDefinitionArns?.map((arn) => Number(arn.split(":").at(-1))) ?? [];
    expect(revisions.length).toBeGreaterThan(1);
    expect(revisions).toEqual(revisions.toSorted((left, right) => right - left));
    const newest = await bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: family }),
    );
    expect(newest.taskDefinition?.revision).toBe(revisions[0]);
  });

  it("refuses one that is not there", async () => {
    const call = bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "nobody:1" }),
    );
    await expect(call).rejects.toMatchObject({
      name: "ClientException",
      message: "Unable to describe task definition.",
    });
  });
});

describe("service deployments", () => {
  it("leads from the list to the deployment and to its revision", async () => {
    const { ecs } = bench.clients;
    const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
    const newest = listed.serviceDeployments?.[0];
    expect(newest).toMatchObject({ serviceArn: api.arn, status: "SUCCESSFUL" });
    const deployment = await ecs.send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [newest?.serviceDeploymentArn ?? "", "arn:none"],
      }),
    );
    expect(deployment.failures).toEqual([{ arn: "arn:none", reason: "MISSING" }]);
    expect(deployment.serviceDeployments?.[0]).toMatchObject({
      status: "SUCCESSFUL",
      targetServiceRevision: {
        arn: newest?.targetServiceRevisionArn,
        runningTaskCount: api.runningCount,
      },
      deploymentCircuitBreaker: { status: expect.any(String) },
    });
    const revision = await ecs.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: [newest?.targetServiceRevisionArn ?? ""],
      }),
    );
    expect(revision.serviceRevisions?.[0]).toMatchObject({
      taskDefinition: api.taskDefinition,
      containerImages: [{ imageDigest: expect.stringMatching(/^sha256:/u) }],
    });
  });

  it("filters by status and by time", async () => {
    const { ecs } = bench.clients;
    const failed = await ecs.send(
      new ListServiceDeploymentsCommand({ service: api.arn, status: ["ROLLBACK_FAILED"] }),
    );
    expect(failed.serviceDeployments).toEqual([]);
    const future = new Date(bench.state.now() + 1000);
    const later = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service, createdAt: { after: future } }),
    );
    expect(later.serviceDeployments).toEqual([]);
    const earlier = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service, createdAt: { before: future } }),
    );
    expect(earlier.serviceDeployments?.length).toBe(api.serviceDeployments.length);
  });
});
