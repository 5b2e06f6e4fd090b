/** One call of each action that the server answers through an installed client. */
import { LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecs from "@aws-sdk/client-ecs";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as discovery from "@aws-sdk/client-servicediscovery";
import type { WorldState } from "../../../src/sandbox/world/state.ts";
import type { Clients } from "./start.ts";

const cluster = "hokusai-development";
const service = "hokusai-api-development";
const logGroupName = "/ecs/hokusai-api-development";

const need = <One>(one: One | undefined): One => {
  if (one === undefined) throw new Error("the world lacks what this call needs");
  return one;
};
const api = (state: WorldState) => need(state.ecs.services.find((one) => one.name === service));
const balancer = (state: WorldState) => need(state.elb.loadBalancers[0]);
const group = (state: WorldState) => need(state.elb.targetGroups[0]);

type Send = (clients: Clients, state: WorldState) => Promise<object>;

export const everyAction: readonly (readonly [action: string, send: Send])[] = [
  [
    "ecs:DescribeClusters",
    (c) => c.ecs.send(new ecs.DescribeClustersCommand({ clusters: [cluster] })),
  ],
  ["ecs:ListServices", (c) => c.ecs.send(new ecs.ListServicesCommand({ cluster }))],
  [
    "ecs:DescribeServices",
    (c) => c.ecs.send(new ecs.DescribeServicesCommand({ cluster, services: [service] })),
  ],
  ["ecs:ListTasks", (c) => c.ecs.send(new ecs.ListTasksCommand({ cluster, serviceName: service }))],
  [
    "ecs:DescribeTasks",
    (c, state) =>
      c.ecs.send(new ecs.DescribeTasksCommand({ cluster, tasks: [need(state.ecs.tasks[0]).arn] })),
  ],
  [
    "ecs:DescribeTaskDefinition",
    (c, state) =>
      c.ecs.send(
        new ecs.DescribeTaskDefinitionCommand({ taskDefinition: api(state).taskDefinition }),
      ),
  ],
  ["ecs:ListTaskDefinitions", (c) => c.ecs.send(new ecs.ListTaskDefinitionsCommand({}))],
  [
    "ecs:ListServiceDeployments",
    (c) => c.ecs.send(new ecs.ListServiceDeploymentsCommand({ cluster, service })),
  ],
  [
    "ecs:DescribeServiceDeployments",
    (c, state) =>
      c.ecs.send(
        new ecs.DescribeServiceDeploymentsCommand({
          serviceDeploymentArns: api(state).serviceDeployments.map((one) => one.arn),
        }),
      ),
  ],
  [
    "ecs:DescribeServiceRevisions",
    (c, state) =>
      c.ecs.send(
        new ecs.DescribeServiceRevisionsCommand({
          serviceRevisionArns: api(state).serviceRevisions.map((one) => one.arn),
        }),
      ),
  ],
  [
    "elasticloadbalancing:DescribeLoadBalancers",
    (c) => c.elb.send(new elb.DescribeLoadBalancersCommand({})),
  ],
  [
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    (c, state) =>
      c.elb.send(
        new elb.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: balancer(state).arn }),
      ),
  ],
  [
    "elasticloadbalancing:DescribeListeners",
    (c, state) =>
      c.elb.send(new elb.DescribeListenersCommand({ LoadBalancerArn: balancer(state).arn })),
  ],
  [
    "elasticloadbalancing:DescribeRules",
    (c, state) =>
      c.elb.send(new elb.DescribeRulesCommand({ ListenerArn: need(state.elb.listeners[0]).arn })),
  ],
  [
    "elasticloadbalancing:DescribeTargetGroups",
    (c) => c.elb.send(new elb.DescribeTargetGroupsCommand({})),
  ],
  [
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    (c, state) =>
      c.elb.send(
        new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn: group(state).arn }),
      ),
  ],
  [
    "elasticloadbalancing:DescribeTargetHealth",
    (c, state) =>
      c.elb.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn: group(state).arn })),
  ],
  [
    "elasticloadbalancing:DescribeTags",
    (c, state) => c.elb.send(new elb.DescribeTagsCommand({ ResourceArns: [group(state).arn] })),
  ],
  ["ec2:DescribeVpcs", (c) => c.ec2.send(new ec2.DescribeVpcsCommand({}))],
  [
    "ec2:DescribeVpcAttribute",
    (c, state) =>
      c.ec2.send(
        new ec2.DescribeVpcAttributeCommand({
          VpcId: need(state.ec2.vpcs[0]).vpcId,
          Attribute: "enableDnsSupport",
        }),
      ),
  ],
  ["ec2:DescribeSubnets", (c) => c.ec2.send(new ec2.DescribeSubnetsCommand({}))],
  ["ec2:DescribeSecurityGroups", (c) => c.ec2.send(new ec2.DescribeSecurityGroupsCommand({}))],
  [
    "ec2:DescribeSecurityGroupRules",
    (c) => c.ec2.send(new ec2.DescribeSecurityGroupRulesCommand({})),
  ],
  ["ec2:DescribeNetworkAcls", (c) => c.ec2.send(new ec2.DescribeNetworkAclsCommand({}))],
  ["ec2:DescribeRouteTables", (c) => c.ec2.send(new ec2.DescribeRouteTablesCommand({}))],
  ["ec2:DescribeNatGateways", (c) => c.ec2.send(new ec2.DescribeNatGatewaysCommand({}))],
  ["ec2:DescribeInternetGateways", (c) => c.ec2.send(new ec2.DescribeInternetGatewaysCommand({}))],
  [
    "ec2:DescribeNetworkInterfaces",
    (c) => c.ec2.send(new ec2.DescribeNetworkInterfacesCommand({})),
  ],
  ["ec2:DescribeVpcEndpoints", (c) => c.ec2.send(new ec2.DescribeVpcEndpointsCommand({}))],
  [
    "ec2:DescribeManagedPrefixLists",
    (c) => c.ec2.send(new ec2.DescribeManagedPrefixListsCommand({})),
  ],
  [
    "ec2:GetManagedPrefixListEntries",
    (c, state) =>
      c.ec2.send(
        new ec2.GetManagedPrefixListEntriesCommand({
          PrefixListId: need(state.ec2.prefixLists[0]).prefixListId,
        }),
      ),
  ],
  ["logs:DescribeLogGroups", (c) => c.logs.send(new logs.DescribeLogGroupsCommand({}))],
  [
    "logs:DescribeLogStreams",
    (c) => c.logs.send(new logs.DescribeLogStreamsCommand({ logGroupName })),
  ],
  ["logs:FilterLogEvents", (c) => c.logs.send(new logs.FilterLogEventsCommand({ logGroupName }))],
  [
    "logs:GetLogEvents",
    (c, state) =>
      c.logs.send(
        new logs.GetLogEventsCommand({
          logGroupName,
          logStreamName: need(
            state.logs.groups.find((one) => one.name === logGroupName)?.streams[0],
          ).name,
        }),
      ),
  ],
  [
    "logs:StartQuery",
    (c) =>
      c.logs.send(
        new logs.StartQueryCommand({
          logGroupName,
          queryString: "fields @message",
          startTime: 0,
          endTime: 1,
        }),
      ),
  ],
  [
    "logs:GetQueryResults",
    (c) => withQuery(c, (queryId) => c.logs.send(new logs.GetQueryResultsCommand({ queryId }))),
  ],
  [
    "logs:StopQuery",
    (c) => withQuery(c, (queryId) => c.logs.send(new logs.StopQueryCommand({ queryId }))),
  ],
  [
    "servicediscovery:ListNamespaces",
    (c) => c.discovery.send(new discovery.ListNamespacesCommand({})),
  ],
  ["servicediscovery:ListServices", (c) => c.discovery.send(new discovery.ListServicesCommand({}))],
  [
    "servicediscovery:ListInstances",
    (c, state) =>
      c.discovery.send(
        new discovery.ListInstancesCommand({ ServiceId: need(state.cloudMap.services[0]).id }),
      ),
  ],
  [
    "servicediscovery:GetInstancesHealthStatus",
    (c, state) =>
      c.discovery.send(
        new discovery.GetInstancesHealthStatusCommand({
          ServiceId: need(state.cloudMap.services[0]).id,
        }),
      ),
  ],
  [
    "servicediscovery:DiscoverInstances",
    (c, state) =>
      c.discovery.send(
        new discovery.DiscoverInstancesCommand({
          NamespaceName: need(state.cloudMap.namespaces[0]).name,
          ServiceName: need(state.cloudMap.services[0]).name,
        }),
      ),
  ],
  [
    "s3:ListBucket",
    (c, state) => c.s3.send(new ListObjectsV2Command({ Bucket: need(state.s3.buckets[0]).name })),
  ],
  ["cloudtrail:LookupEvents", (c) => c.trail.send(new LookupEventsCommand({}))],
  ["cloudwatch:DescribeAlarms", (c) => c.metrics.send(new DescribeAlarmsCommand({}))],
  [
    "cloudwatch:GetMetricData",
    (c) =>
      c.metrics.send(
        new GetMetricDataCommand({
          StartTime: new Date(0),
          EndTime: new Date(60_000),
          MetricDataQueries: [
            {
              Id: "m",
              MetricStat: { Metric: { Namespace: "n", MetricName: "m" }, Period: 60, Stat: "Sum" },
            },
          ],
        }),
      ),
  ],
];

const withQuery = async (
  clients: Clients,
  use: (queryId: string | undefined) => Promise<object>,
): Promise<object> => {
  const { queryId } = await clients.logs.send(
    new logs.StartQueryCommand({
      logGroupName,
      queryString: "fields @message",
      startTime: 0,
      endTime: 1,
    }),
  );
  return await use(queryId);
};
