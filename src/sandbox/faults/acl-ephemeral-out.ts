import { ownAclForTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const aclEphemeralOut: Fault = {
  id: "acl-ephemeral-out",
  title:
    "A network ACL of the tasks' subnets drops their answers: ports 1024-65535 out to the load balancer",
  system: "network ACLs",
  ...undoable((world) => {
    return ownAclForTasks(world, [
      {
        egress: true,
        protocol: "6",
        ruleAction: "deny",
        cidrBlock: "10.0.0.0/22",
        portRange: { from: 1024, to: 65535 },
      },
    ]);
  }),
  report: timeoutReport,
};
