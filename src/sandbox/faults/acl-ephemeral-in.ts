import { ownAclForTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const aclEphemeralIn: Fault = {
  id: "acl-ephemeral-in",
  title: "A network ACL of the tasks' subnets drops what dependencies answer: ports 32768-65535 in",
  system: "network ACLs",
  ...undoable((world) => {
    return ownAclForTasks(world, [
      {
        egress: false,
        protocol: "6",
        ruleAction: "deny",
        cidrBlock: "0.0.0.0/0",
        portRange: { from: 32768, to: 65535 },
      },
    ]);
  }),
  report: timeoutReport,
};
