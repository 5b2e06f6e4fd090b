import { subnetIds } from "../world/initial/network.ts";
import { ownAclForTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const aclOneZone: Fault = {
  id: "acl-one-zone",
  title: "In one zone a network ACL keeps the tasks from the load balancer",
  system: "network ACLs",
  ...undoable((world) => {
    return ownAclForTasks(
      world,
      [
        {
          egress: false,
          protocol: "6",
          ruleAction: "deny",
          cidrBlock: "0.0.0.0/0",
          portRange: { from: 8001, to: 8001 },
        },
      ],
      [subnetIds.private[1]],
    );
  }),
  report: timeoutReport,
};
