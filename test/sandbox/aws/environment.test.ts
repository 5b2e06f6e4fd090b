import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { EC2Client, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, expect, it, vi } from "vitest";
import { createClients, startBench } from "./start.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("is found through AWS_ENDPOINT_URL by clients that are told nothing", async () => {
  await using bench = await startBench();
  vi.stubEnv("AWS_ENDPOINT_URL", bench.server.url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example");
  const clients = [new ECSClient(), new EC2Client(), new ElasticLoadBalancingV2Client()] as const;
  const [ecs, ec2, elb] = clients;
  try {
    const clusters = await ecs.send(new ListClustersCommand({}));
    expect(clusters.clusterArns).toEqual(bench.state.ecs.clusters.map((one) => one.arn));
    const vpcs = await ec2.send(new DescribeVpcsCommand({}));
    expect(vpcs.Vpcs?.map((one) => one.VpcId)).toEqual(
      bench.state.ec2.vpcs.map((one) => one.vpcId),
    );
    const balancers = await elb.send(new DescribeLoadBalancersCommand({}));
    expect(balancers.LoadBalancers?.length).toBe(bench.state.elb.loadBalancers.length);
    expect(bench.server.calls.map((one) => one.action)).toEqual([
      "ecs:ListClusters",
      "ec2:DescribeVpcs",
      "elasticloadbalancing:DescribeLoadBalancers",
    ]);
  } finally {
    for (const client of clients) client.destroy();
  }
});

it("holds nothing in another region", async () => {
  await using bench = await startBench();
  const elsewhere = createClients(bench.server.url, 1, "eu-west-1");
  try {
    const vpcs = await elsewhere.ec2.send(new DescribeVpcsCommand({}));
    expect(vpcs.Vpcs).toEqual([]);
    const named = new DescribeLoadBalancersCommand({
      Names: bench.state.elb.loadBalancers.map((one) => one.name),
    });
    await expect(elsewhere.elb.send(named)).rejects.toMatchObject({
      name: "LoadBalancerNotFoundException",
    });
  } finally {
    for (const client of Object.values(elsewhere)) client.destroy();
  }
});
