import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { trailPermissions } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const dataEgressRevoked: Fault = {
  id: "data-egress-revoked",
  title: "The tasks' group lost its egress to Redis and to the database",
  system: "security groups",
  ...undoable((world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    if (group === undefined) return null;
    const { egress } = group;
    group.egress = egress.filter((rule) => rule.fromPort === 443);
    appendTrail(world, {
      eventName: "RevokeSecurityGroupEgress",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::SecurityGroup", resourceName: group.groupId }],
      requestParameters: {
        groupId: group.groupId,
        ipPermissions: trailPermissions(egress.filter((rule) => rule.fromPort !== 443)),
      },
    });
    return () => void (group.egress = egress);
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
