import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import type { SecurityGroupRule } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

const revoked = new WeakMap<object, SecurityGroupRule[]>();

export const securityGroupBlocking: Fault = {
  id: "security-group-blocking",
  title: "The rule that lets the load balancer reach the tasks was revoked",
  system: "security groups",
  apply: (world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    if (group === undefined || group.ingress.length === 0) return;
    revoked.set(world, group.ingress);
    group.ingress = [];
    appendTrail(world, {
      eventName: "RevokeSecurityGroupIngress",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::SecurityGroup", resourceName: group.groupId }],
      requestParameters: { groupId: group.groupId, ipPermissions: "tcp 8001" },
    });
  },
  heal: (world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    const rules = revoked.get(world);
    if (group !== undefined && rules !== undefined) group.ingress = rules;
  },
  report: timeoutReport,
};
