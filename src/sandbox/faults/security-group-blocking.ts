import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { trailPermissions } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const securityGroupBlocking: Fault = {
  id: "security-group-blocking",
  title: "The rule that lets the load balancer reach the tasks was revoked",
  system: "security groups",
  ...undoable((world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    if (group === undefined) return null;
    const { ingress } = group;
    group.ingress = [];
    appendTrail(world, {
      eventName: "RevokeSecurityGroupIngress",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::SecurityGroup", resourceName: group.groupId }],
      requestParameters: { groupId: group.groupId, ipPermissions: trailPermissions(ingress) },
    });
    return () => void (group.ingress = ingress);
  }),
  report: timeoutReport,
};
