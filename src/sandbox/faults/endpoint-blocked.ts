import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { restartTasks } from "./deployment.ts";
import { interfaceEndpoint } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Private DNS leads the registry's names to the endpoint: the NAT gateway beside it is of no help. */
export const endpointBlocked: Fault = {
  id: "endpoint-blocked",
  title: "The endpoints' group lost its rule for 443, and the tasks were restarted",
  system: "VPC endpoints",
  ...undoable((world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.endpoints);
    if (group === undefined) return null;
    const { ingress } = group;
    group.ingress = [];
    const undo = ["ecr.api", "ecr.dkr", "secretsmanager", "logs"].map((product) =>
      interfaceEndpoint(world, product),
    );
    appendTrail(world, {
      eventName: "RevokeSecurityGroupIngress",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::SecurityGroup", resourceName: group.groupId }],
      requestParameters: { groupId: group.groupId, ipPermissions: "tcp 443" },
    });
    restartTasks(world);
    return () => {
      for (const back of undo) back();
      group.ingress = ingress;
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
