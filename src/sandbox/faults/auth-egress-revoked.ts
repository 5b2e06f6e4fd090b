import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { trailPermissions } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const authEgressRevoked: Fault = {
  id: "auth-egress-revoked",
  title: "The tasks' group lost its egress to port 443, so the auth service is out of reach",
  system: "security groups",
  ...undoable((world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    if (group === undefined) return null;
    const { egress } = group;
    group.egress = egress.filter((rule) => rule.fromPort !== 443);
    appendTrail(world, {
      eventName: "RevokeSecurityGroupEgress",
      eventSource: "ec2.amazonaws.com",
      username: "deploy-bot",
      resources: [{ resourceType: "AWS::EC2::SecurityGroup", resourceName: group.groupId }],
      requestParameters: {
        groupId: group.groupId,
        ipPermissions: trailPermissions(egress.filter((rule) => rule.fromPort === 443)),
      },
    });
    return () => void (group.egress = egress);
  }),
  report: timeoutReport,
};
