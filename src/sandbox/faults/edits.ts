/** Steps that faults of load balancers, networks and services share: find, change, leave a trace in the trail. */
import { listenerArns, targetGroupArns } from "../world/initial/balancers.ts";
import { subnetIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import type { NetworkAclEntry, Rule, Task, WorldState } from "../world/state.ts";
import { apiService } from "./fault.ts";

/** The rule of the public listener that forwards the API's host to its tasks. */
export const apiRule = (world: WorldState): Rule | undefined =>
  world.elb.rules.find(
    (rule) => rule.listenerArn === listenerArns.mainHttps && rule.priority === 20,
  );

export const newRuleArn = (id: string): string =>
  `${listenerArns.mainHttps.replace(":listener/", ":listener-rule/")}/${id}`;

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

export const runningTasks = (world: WorldState): Task[] =>
  world.ecs.tasks.filter(
    (task) => task.group === `service:${apiService}` && task.lastStatus === "RUNNING",
  );

export const apiTargets = (world: WorldState): WorldState["elb"]["targets"] =>
  world.elb.targets.filter((one) => one.targetGroupArn === targetGroupArns.api);
