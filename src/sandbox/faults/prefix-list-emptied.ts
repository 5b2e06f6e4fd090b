import { groupIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const prefixListEmptied: Fault = {
  id: "prefix-list-emptied",
  title: "The prefix list that the tasks' group lets in lost the load balancers' subnets",
  system: "prefix lists",
  ...undoable((world) => {
    const group = world.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
    if (group === undefined) return null;
    const { ingress } = group;
    const { prefixLists } = world.ec2;
    const list = {
      prefixListId: "pl-0e2c0ffee00000001",
      name: "hokusai-development-balancers",
      // What is left is the range of a subnet that was given up.
      cidrs: ["10.0.2.0/24"],
      managed: { version: 4, maxEntries: 10 },
    };
    world.ec2.prefixLists = [...prefixLists, list];
    group.ingress = ingress.map((rule) => {
      const own = { ...rule, prefixListId: list.prefixListId };
      // A rule names one source.
      delete own.groupId;
      delete own.cidrIpv4;
      return own;
    });
    appendTrail(world, {
      eventName: "ModifyManagedPrefixList",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::PrefixList", resourceName: list.prefixListId }],
      requestParameters: { prefixListId: list.prefixListId, currentVersion: 3 },
    });
    return () => {
      group.ingress = ingress;
      world.ec2.prefixLists = prefixLists;
    };
  }),
  report: timeoutReport,
};
