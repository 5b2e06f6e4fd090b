import { FilterLogEventsCommand, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld } from "../../../src/sandbox/start.ts";
import type { Sandbox } from "../../../src/sandbox/start.ts";
import { everyAction } from "./every-action.ts";
import { createClients } from "./start.ts";
import type { Clients } from "./start.ts";

let world: Sandbox;
let clients: Clients;
beforeAll(async () => {
  world = await startWorld({ faults: [] });
  clients = createClients(world.env["AWS_ENDPOINT_URL"] ?? "");
}, 30_000);
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await world.stop();
});

it.each(everyAction)("%s is answered from the running world", async (_, send) => {
  expect(await send(clients, world.state)).toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

it("shows the services that run, their targets and what they logged", async () => {
  const services = await clients.ecs.send(
    new DescribeServicesCommand({
      cluster: "hokusai-development",
      services: ["hokusai-api-development"],
    }),
  );
  const api = services.services?.[0];
  expect(api?.runningCount).toBe(api?.desiredCount);
  const health = await clients.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: api?.loadBalancers?.[0]?.targetGroupArn }),
  );
  expect(health.TargetHealthDescriptions?.map((one) => one.TargetHealth?.State)).toEqual(
    Array.from({ length: api?.desiredCount ?? 0 }, () => "healthy"),
  );
  const group = { logGroupName: "/ecs/hokusai-api-development" };
  const lines = await clients.logs.send(
    new FilterLogEventsCommand({
      ...group,
      filterPattern: '"POST /api/v1/models/21/predict"',
      limit: 5,
    }),
  );
  expect(lines.events?.length).toBe(5);
  let pages = 0;
  for await (const page of paginateFilterLogEvents({ client: clients.logs }, group)) {
    pages += page.events === undefined ? 0 : 1;
  }
  expect(pages).toBeGreaterThan(0);
});

it("keeps the load balancer's metrics under the dimensions that CloudWatch uses", async () => {
  const suffix = (arn: string | undefined): string =>
    arn?.split(/:(?:loadbalancer\/)?/u).at(-1) ?? "";
  const { elb } = world.state;
  const now = world.state.now();
  const answer = await clients.metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now),
      MetricDataQueries: [
        {
          Id: "requests",
          MetricStat: {
            Metric: {
              Namespace: "AWS/ApplicationELB",
              MetricName: "RequestCount",
              Dimensions: [
                { Name: "LoadBalancer", Value: suffix(elb.loadBalancers[0]?.arn) },
                { Name: "TargetGroup", Value: suffix(elb.targetGroups[0]?.arn) },
              ],
            },
            Period: 3600,
            Stat: "Sum",
          },
        },
      ],
    }),
  );
  const total = answer.MetricDataResults?.[0]?.Values?.reduce((sum, one) => sum + one, 0);
  expect(total).toBeGreaterThan(0);
});
