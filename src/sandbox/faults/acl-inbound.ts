import { ownAclForTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const aclInbound: Fault = {
  id: "acl-inbound",
  title: "A network ACL of the tasks' subnets drops the port of the API",
  system: "network ACLs",
  ...undoable((world) => {
    return ownAclForTasks(world, [
      {
        egress: false,
        protocol: "6",
        ruleAction: "deny",
        cidrBlock: "0.0.0.0/0",
        portRange: { from: 8001, to: 8001 },
      },
    ]);
  }),
  report: timeoutReport,
};
