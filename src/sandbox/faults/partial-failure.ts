import { subnetIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const partialFailure: Fault = {
  id: "partial-failure",
  title: "In one zone a network ACL keeps the load balancer's node from the tasks",
  system: "network ACLs",
  ...undoable((world) => {
    const [acl] = world.ec2.networkAcls;
    if (acl === undefined) return null;
    const subnetId = subnetIds.public[1];
    const own = {
      ...structuredClone(acl),
      networkAclId: "acl-0f6c0ffee00000002",
      isDefault: false,
      subnetIds: [subnetId],
    };
    own.entries.push({
      ruleNumber: 90,
      egress: true,
      protocol: "6",
      ruleAction: "deny",
      cidrBlock: "10.0.0.0/16",
      portRange: { from: 8000, to: 8999 },
    });
    acl.subnetIds = acl.subnetIds.filter((one) => one !== subnetId);
    world.ec2.networkAcls.push(own);
    appendTrail(world, {
      eventName: "CreateNetworkAclEntry",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::NetworkAcl", resourceName: own.networkAclId }],
      requestParameters: {
        networkAclId: own.networkAclId,
        ruleNumber: 90,
        egress: true,
        ruleAction: "deny",
      },
    });
    return () => {
      world.ec2.networkAcls = world.ec2.networkAcls.filter((one) => one !== own);
      acl.subnetIds.push(subnetId);
    };
  }),
  report: timeoutReport,
};
