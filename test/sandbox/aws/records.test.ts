/** Cloud Map, CloudTrail, CloudWatch, ECR, Secrets Manager and STS. */
import { LookupEventsCommand, paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import { DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeClustersCommand } from "@aws-sdk/client-ecs";
import {
  DiscoverInstancesCommand,
  GetInstancesHealthStatusCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
} from "@aws-sdk/client-servicediscovery";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendTrail, recordMetric } from "../../../src/sandbox/world/state.ts";
import { callJson, callQuery, createClients, startBench } from "./start.ts";
import type { Bench } from "./start.ts";

const minute = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;
const metric = {
  namespace: "AWS/ApplicationELB",
  metricName: "TargetResponseTime",
  dimensions: { LoadBalancer: "app/test/1", TargetGroup: "targetgroup/test/2" },
  unit: "Seconds",
};
let bench: Bench;

beforeAll(async () => {
  bench = await startBench((state) => {
    state.cloudMap.namespaces.push({
      id: "ns-test",
      arn: "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-test",
      name: "test.local",
      type: "DNS_PRIVATE",
      vpcId: "vpc-test",
      hostedZoneId: "Z1",
    });
    state.cloudMap.services.push({
      id: "srv-test",
      arn: "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-test",
      name: "api",
      namespaceId: "ns-test",
      dnsRecords: [{ type: "A", ttl: 10 }],
      instances: [
        { id: "i-1", attributes: { AWS_INSTANCE_IPV4: "10.9.1.20" }, healthStatus: "HEALTHY" },
        { id: "i-2", attributes: { AWS_INSTANCE_IPV4: "10.9.1.21" }, healthStatus: "UNHEALTHY" },
      ],
    });
    for (let index = 0; index < 120; index += 1) {
      appendTrail(state, {
        eventName: index === 60 ? "UpdateService" : "RegisterTaskDefinition",
        eventSource: "ecs.amazonaws.com",
        username: "deploy-bot",
        requestParameters: { desiredCount: index },
        resources: [{ resourceType: "AWS::ECS::Service", resourceName: "test-service" }],
        eventTime: minute + index * 1000,
      });
    }
    for (const value of [0.1, 0.2, 0.3, 9]) recordMetric(state, metric, value, minute);
    recordMetric(state, metric, 5, minute + 120_000);
    state.cloudwatch.alarms.push({
      alarmName: "test-5xx",
      alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:test-5xx",
      stateValue: "ALARM",
      stateReason: "Threshold crossed",
      stateUpdatedAt: minute,
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_Target_5XX_Count",
      dimensions: { LoadBalancer: "app/test/1" },
      threshold: 5,
      comparisonOperator: "GreaterThanThreshold",
    });
    state.ecr.repositories.push({
      arn: "arn:aws:ecr:us-east-1:123456789012:repository/test",
      name: "test",
      uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/test",
      images: [
        {
          imageDigest: "sha256:aa",
          imageTags: ["v1"],
          imagePushedAt: minute,
          imageSizeInBytes: 10,
        },
      ],
    });
    state.secrets.push({
      arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/key-AbCdEf",
      name: "test/key",
      value: "never-on-the-wire",
      createdAt: minute,
      lastChangedAt: minute,
    });
  });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

describe("Cloud Map", () => {
  it("leads from the namespace to its instances and their health", async () => {
    const { discovery } = bench.clients;
    const namespaces = await discovery.send(
      new ListNamespacesCommand({ Filters: [{ Name: "NAME", Values: ["test.local"] }] }),
    );
    expect(namespaces.Namespaces).toMatchObject([
      { Id: "ns-test", Type: "DNS_PRIVATE", Properties: { DnsProperties: { HostedZoneId: "Z1" } } },
    ]);
    const services = await discovery.send(
      new ListServicesCommand({ Filters: [{ Name: "NAMESPACE_ID", Values: ["ns-test"] }] }),
    );
    expect(services.Services).toMatchObject([
      { Id: "srv-test", Name: "api", DnsConfig: { DnsRecords: [{ Type: "A", TTL: 10 }] } },
    ]);
    const instances = await discovery.send(new ListInstancesCommand({ ServiceId: "srv-test" }));
    expect(instances.Instances).toMatchObject([
      { Id: "i-1", Attributes: { AWS_INSTANCE_IPV4: "10.9.1.20" } },
      { Id: "i-2" },
    ]);
    const health = await discovery.send(
      new GetInstancesHealthStatusCommand({ ServiceId: "srv-test" }),
    );
    expect(health.Status).toEqual({ "i-1": "HEALTHY", "i-2": "UNHEALTHY" });
  });

  it.each([
    { HealthStatus: undefined, expected: ["i-1"] },
    { HealthStatus: "ALL", expected: ["i-1", "i-2"] },
    { HealthStatus: "UNHEALTHY", expected: ["i-2"] },
  ] as const)(
    "discovers instances with HealthStatus $HealthStatus",
    async ({ HealthStatus, expected }) => {
      const answer = await bench.clients.discovery.send(
        new DiscoverInstancesCommand({
          NamespaceName: "test.local",
          ServiceName: "api",
          HealthStatus,
        }),
      );
      expect(answer.Instances?.map((one) => one.InstanceId)).toEqual(expected);
    },
  );

  it("has errors for what is not there", async () => {
    const { discovery } = bench.clients;
    await expect(
      discovery.send(new ListInstancesCommand({ ServiceId: "srv-none" })),
    ).rejects.toMatchObject({ name: "ServiceNotFound" });
    await expect(
      discovery.send(
        new DiscoverInstancesCommand({ NamespaceName: "no.local", ServiceName: "api" }),
      ),
    ).rejects.toMatchObject({ name: "NamespaceNotFound" });
  });
});

describe("CloudTrail", () => {
  it("pages newest first, 50 at a time", async () => {
    const sizes: number[] = [];
    const times: number[] = [];
    const paging = paginateLookupEvents(
      { client: bench.clients.trail },
      { LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: "test-service" }] },
    );
    for await (const page of paging) {
      sizes.push(page.Events?.length ?? 0);
      times.push(...(page.Events ?? []).map((one) => one.EventTime?.getTime() ?? 0));
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(times).toEqual(times.toSorted((left, right) => right - left));
  });

  it("finds one event by name and time, with its record as JSON text", async () => {
    const answer = await bench.clients.trail.send(
      new LookupEventsCommand({
        StartTime: new Date(minute),
        EndTime: new Date(minute + 3_600_000),
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "UpdateService" }],
      }),
    );
    const found = answer.Events?.find((one) => one.EventTime?.getTime() === minute + 60_000);
    expect(found).toMatchObject({
      EventSource: "ecs.amazonaws.com",
      Username: "deploy-bot",
      ReadOnly: "false",
      Resources: [{ ResourceType: "AWS::ECS::Service", ResourceName: "test-service" }],
    });
    expect(JSON.parse(found?.CloudTrailEvent ?? "")).toMatchObject({
      eventName: "UpdateService",
      requestParameters: { desiredCount: 60 },
    });
  });

  it("takes one lookup attribute only", async () => {
    const call = bench.clients.trail.send(
      new LookupEventsCommand({
        LookupAttributes: [
          { AttributeKey: "EventName", AttributeValue: "a" },
          { AttributeKey: "Username", AttributeValue: "b" },
        ],
      }),
    );
    await expect(call).rejects.toMatchObject({ name: "InvalidLookupAttributesException" });
  });
});

describe("CloudWatch", () => {
  const query = (
    stat: string,
    dimensions: Record<string, string> = metric.dimensions,
    period = 60,
  ) =>
    bench.clients.metrics.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute),
        EndTime: new Date(minute + 300_000),
        ScanBy: "TimestampAscending",
        MetricDataQueries: [
          {
            Id: "m1",
            MetricStat: {
              Metric: {
                Namespace: metric.namespace,
                MetricName: metric.metricName,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: period,
              Stat: stat,
            },
          },
        ],
      }),
    );

  it.each([
    { stat: "Sum", values: [9.6, 5] },
    { stat: "Average", values: [2.4, 5] },
    { stat: "Minimum", values: [0.1, 5] },
    { stat: "Maximum", values: [9, 5] },
    { stat: "SampleCount", values: [4, 1] },
    { stat: "p50", values: [0.2, 5] },
    { stat: "p95", values: [9, 5] },
  ])("$stat", async ({ stat, values }) => {
    const [result] = (await query(stat)).MetricDataResults ?? [];
    expect(result?.Timestamps).toEqual([new Date(minute), new Date(minute + 120_000)]);
    expect(result?.Values?.map((one) => Number(one.toFixed(6)))).toEqual(values);
    expect(result).toMatchObject({ Id: "m1", StatusCode: "Complete" });
  });

  it("joins minutes of a longer period, and wants exactly the dimensions", async () => {
    const [joined] = (await query("SampleCount", metric.dimensions, 300)).MetricDataResults ?? [];
    expect(joined?.Values).toEqual([5]);
    const [other] = (await query("Sum", { LoadBalancer: "app/test/1" })).MetricDataResults ?? [];
    expect(other?.Values).toEqual([]);
  });

  it("refuses a statistic it does not know", async () => {
    await expect(query("tm90")).rejects.toMatchObject({ Code: "ValidationError" });
  });

  it("describes alarms by state", async () => {
    const answer = await bench.clients.metrics.send(
      new DescribeAlarmsCommand({ StateValue: "ALARM" }),
    );
    expect(answer.MetricAlarms?.find((one) => one.AlarmName === "test-5xx")).toMatchObject({
      StateReason: "Threshold crossed",
      StateUpdatedTimestamp: new Date(minute),
      Threshold: 5,
      Dimensions: [{ Name: "LoadBalancer", Value: "app/test/1" }],
    });
  });
});

describe("ECR and Secrets Manager", () => {
  const images = (body: unknown) =>
    callJson(bench.server.url, "ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeImages", body);
  const secret = (SecretId: string) =>
    callJson(bench.server.url, "secretsmanager", "secretsmanager.DescribeSecret", { SecretId });

  it("describes an image by tag, its time in epoch seconds", async () => {
    const answer = await images({ repositoryName: "test", imageIds: [{ imageTag: "v1" }] });
    expect(answer.body["imageDetails"]).toMatchObject([
      { imageDigest: "sha256:aa", imageTags: ["v1"], imagePushedAt: minute / 1000 },
    ]);
  });

  it.each([
    {
      body: { repositoryName: "test", imageIds: [{ imageTag: "v2" }] },
      type: "ImageNotFoundException",
    },
    { body: { repositoryName: "none" }, type: "RepositoryNotFoundException" },
    { body: {}, type: "ValidationException" },
  ])("$type", async ({ body, type }) => {
    const answer = await images(body);
    expect(answer.status).toBe(400);
    expect(answer.body["__type"]).toBe(type);
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it.each(["test/key", "arn:aws:secretsmanager:us-east-1:123456789012:secret:test/key-AbCdEf"])(
    "describes the secret %s without its value",
    async (id) => {
      const answer = await secret(id);
      expect(answer.body).toMatchObject({ Name: "test/key", CreatedDate: minute / 1000 });
      expect(JSON.stringify(answer.body)).not.toContain("never-on-the-wire");
    },
  );

  it("has no way to the value", async () => {
    const answer = await callJson(
      bench.server.url,
      "secretsmanager",
      "secretsmanager.GetSecretValue",
      { SecretId: "test/key" },
    );
    expect(answer.body["__type"]).toBe("UnknownOperationException");
    expect((await secret("test/none")).body["__type"]).toBe("ResourceNotFoundException");
  });
});

describe("STS", () => {
  it("says who calls, and makes later calls those of the assumed role", async () => {
    const version = { Version: "2011-06-15" };
    const before = await callQuery(bench.server.url, "sts", {
      Action: "GetCallerIdentity",
      ...version,
    });
    expect(before.text).toMatch(/<Arn>arn:aws:sts::123456789012:assumed-role\/[^<]+<\/Arn>/u);
    const assumed = await callQuery(bench.server.url, "sts", {
      Action: "AssumeRole",
      ...version,
      RoleArn: "arn:aws:iam::210987654321:role/team/reader",
      RoleSessionName: "bot",
    });
    const accessKeyId = /<AccessKeyId>(\w+)</u.exec(assumed.text)?.[1] ?? "";
    expect(assumed.text).toMatch(/<Expiration>\d{4}-\d\d-\d\dT[\d:.]+Z</u);
    bench.state.controlPlane.deniedActions.add("ecs:DescribeClusters");
    const { ecs, ...others } = createClients(bench.server.url);
    ecs.config.credentials = async () => ({ accessKeyId, secretAccessKey: "x", sessionToken: "y" });
    try {
      await expect(ecs.send(new DescribeClustersCommand({}))).rejects.toThrow(
        "User: arn:aws:sts::210987654321:assumed-role/reader/bot is not authorized to perform: ecs:DescribeClusters on resource:",
      );
    } finally {
      bench.state.controlPlane.deniedActions.clear();
      for (const client of [ecs, ...Object.values(others)]) client.destroy();
    }
  });
});
