/** Steps that faults of load balancers, networks and services share: find, change, leave a trace in the trail. */
import { listenerArns, targetGroupArns } from "../world/initial/balancers.ts";
import { groupIds, subnetIds, vpcId, zones } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import type { NetworkAclEntry, Rule, SecurityGroupRule, Task, WorldState } from "../world/state.ts";
import { apiService } from "./fault.ts";

/** The rule of the public listener that forwards the API's host to its tasks. */
export const apiRule = (world: WorldState): Rule | undefined =>
  world.elb.rules.find(
    (rule) => rule.listenerArn === listenerArns.mainHttps && rule.priority === 20,
  );

export const newRuleArn = (id: string): string =>
  `${listenerArns.mainHttps.replace(":listener/", ":listener-rule/")}/${id}`;

/** A rule of its own on the public listener, before all others; the answer takes it away again. */
export const addRule = (
  world: WorldState,
  id: string,
  rule: Pick<Rule, "conditions" | "actions">,
): (() => void) => {
  const arn = newRuleArn(id);
  const priority = 5;
  world.elb.rules.push({ arn, listenerArn: listenerArns.mainHttps, priority, ...rule });
  trailOfBalancer(world, "CreateRule", "ListenerRule", arn, { priority });
  return () => void (world.elb.rules = world.elb.rules.filter((one) => one.arn !== arn));
};

/** To the target group of the old application, which has no targets. */
export const toLegacy: Rule["actions"] = [
  {
    type: "forward",
    order: 1,
    targetGroups: [{ targetGroupArn: targetGroupArns.legacy, weight: 1 }],
  },
];

export const trailOfBalancer = (
  world: WorldState,
  eventName: string,
  resourceType: "Listener" | "ListenerRule" | "TargetGroup" | "LoadBalancer",
  resourceName: string,
  requestParameters: Record<string, unknown> = {},
): void =>
  appendTrail(world, {
    eventName,
    eventSource: "elasticloadbalancing.amazonaws.com",
    username: "platform-admin",
    resources: [{ resourceType: `AWS::ElasticLoadBalancingV2::${resourceType}`, resourceName }],
    requestParameters,
  });

/** Gives the tasks' subnets an ACL of their own: the default entries with these before them. */
export const ownAclForTasks = (
  world: WorldState,
  entries: readonly Omit<NetworkAclEntry, "ruleNumber">[],
  subnets: readonly string[] = subnetIds.private,
): (() => void) | null => {
  const [acl] = world.ec2.networkAcls;
  if (acl === undefined) return null;
  const own = {
    ...structuredClone(acl),
    networkAclId: "acl-0f6c0ffee00000003",
    isDefault: false,
    subnetIds: [...subnets],
  };
  own.entries.push(...entries.map((entry, index) => ({ ...entry, ruleNumber: 50 + index })));
  const before = acl.subnetIds;
  acl.subnetIds = before.filter((one) => !subnets.includes(one));
  world.ec2.networkAcls.push(own);
  appendTrail(world, {
    eventName: "ReplaceNetworkAclAssociation",
    eventSource: "ec2.amazonaws.com",
    username: "platform-admin",
    resources: [{ resourceType: "AWS::EC2::NetworkAcl", resourceName: own.networkAclId }],
    requestParameters: { networkAclId: own.networkAclId },
  });
  return () => {
    world.ec2.networkAcls = world.ec2.networkAcls.filter((one) => one !== own);
    acl.subnetIds = before;
  };
};

/** An endpoint with private DNS in both of the tasks' subnets; gives its undoing. */
export const interfaceEndpoint = (world: WorldState, product: string): (() => void) => {
  const { vpcEndpoints, networkInterfaces } = world.ec2;
  const number = vpcEndpoints.length + 1;
  const id = `vpce-0b8c0ffee000000${`${number}`.padStart(2, "0")}`;
  const interfaces = subnetIds.private.map((subnetId, index) => ({
    networkInterfaceId: `eni-0e1c0ffee0000${number}0${index}`,
    vpcId,
    subnetId,
    availabilityZone: zones[index] ?? "",
    privateIpAddress: `10.0.${4 + index}.${200 + number}`,
    groupIds: [groupIds.endpoints],
    description: `VPC Endpoint Interface ${id}`,
    status: "in-use" as const,
    interfaceType: "vpc_endpoint" as const,
  }));
  const endpoint = {
    vpcEndpointId: id,
    vpcId,
    serviceName: `com.amazonaws.${world.region}.${product}`,
    vpcEndpointType: "Interface" as const,
    state: "available" as const,
    routeTableIds: [],
    subnetIds: [...subnetIds.private],
    groupIds: [groupIds.endpoints],
    networkInterfaceIds: interfaces.map((one) => one.networkInterfaceId),
    privateDnsEnabled: true,
  };
  vpcEndpoints.push(endpoint);
  networkInterfaces.push(...interfaces);
  return () => {
    world.ec2.vpcEndpoints = world.ec2.vpcEndpoints.filter((one) => one !== endpoint);
    world.ec2.networkInterfaces = world.ec2.networkInterfaces.filter(
      (one) => !endpoint.networkInterfaceIds.includes(one.networkInterfaceId),
    );
  };
};

export const runningTasks = (world: WorldState): Task[] =>
  world.ecs.tasks.filter(
    (task) => task.group === `service:${apiService}` && task.lastStatus === "RUNNING",
  );

export const apiTargets = (world: WorldState): WorldState["elb"]["targets"] =>
  world.elb.targets.filter((one) => one.targetGroupArn === targetGroupArns.api);

/** Rules of a group as CloudTrail writes them into the request parameters of a grant or a revocation. */
export const trailPermissions = (rules: readonly SecurityGroupRule[]): { items: object[] } => ({
  items: rules.map(({ protocol, fromPort, toPort, cidrIpv4, groupId }) => ({
    ipProtocol: protocol,
    fromPort,
    toPort,
    groups: groupId === undefined ? {} : { items: [{ groupId }] },
    ipRanges: cidrIpv4 === undefined ? {} : { items: [{ cidrIp: cidrIpv4 }] },
    ipv6Ranges: {},
    prefixListIds: {},
  })),
});
