import { isIPv6 } from "node:net";
import type { ValueOf } from "#core/fact.ts";
import type { NetworkAcl, SecurityGroup, Subnet } from "#core/ports/aws.ts";
import type { networkInterfaces, TaskPlace } from "../network-interfaces.ts";
import { ephemeral, throughAcl, throughGroups, type End, type Hop } from "./reach.ts";

type Interfaces = ValueOf<typeof networkInterfaces>;

export interface Step extends Hop {
  readonly kind: "group" | "acl";
  readonly label: string;
}

const groupsOf = (
  ids: readonly string[],
  all: readonly SecurityGroup[],
): readonly SecurityGroup[] => all.filter((group) => ids.includes(group.id));

const aclOf = (subnet: string, acls: readonly NetworkAcl[]): NetworkAcl | undefined =>
  acls.find((acl) => acl.subnets.includes(subnet));

const rangeOf = (subnet: string, subnets: readonly Subnet[]): readonly string[] =>
  subnets.flatMap((one) => (one.id === subnet && one.cidr !== null ? [one.cidr] : []));

export const endOfTask = (task: TaskPlace, subnets: readonly Subnet[]): End => ({
  name: task.address ?? `a task in ${task.subnet}`,
  ranges: task.address === null ? rangeOf(task.subnet, subnets) : [task.address],
  groups: task.groups,
});

/** Everything on the way from a load balancer to a task and back, in order. ACLs only where they are known. */
export function inboundSteps(
  balancer: Interfaces["loadBalancers"][number],
  task: TaskPlace,
  port: number,
  groups: readonly SecurityGroup[],
  acls: readonly NetworkAcl[],
  subnets: readonly Subnet[],
): readonly Step[] {
  // A dual-stack load balancer speaks to its targets in the family of their addresses.
  const addresses = balancer.addresses.filter((one) => isIPv6(one) === isIPv6(task.address ?? ""));
  const from: End = {
    name: balancer.name,
    ranges:
      addresses.length > 0 ? addresses : balancer.subnets.flatMap((one) => rangeOf(one, subnets)),
    groups: balancer.groups,
  };
  const to = endOfTask(task, subnets);
  const wanted = { from: port, to: port };
  const step = (kind: Step["kind"], label: string, hop: Hop): Step => ({ kind, label, ...hop });
  const taskAcl = aclOf(task.subnet, acls);
  const balancerAcls = [
    ...new Set(balancer.subnets.flatMap((subnet) => aclOf(subnet, acls) ?? [])),
  ];
  // Inside one subnet there is no network ACL to pass.
  const apart = !balancer.subnets.every((subnet) => subnet === task.subnet);
  return [
    step(
      "group",
      `${balancer.name} out to ${to.name}:${port}`,
      throughGroups(groupsOf(balancer.groups, groups), "egress", to, port),
    ),
    step(
      "group",
      `${to.name}:${port} in from ${balancer.name}`,
      throughGroups(groupsOf(task.groups, groups), "ingress", from, port),
    ),
    ...(apart
      ? [
          ...balancerAcls.flatMap((acl) => [
            step("acl", `subnet of ${balancer.name}, out`, throughAcl(acl, true, to, wanted)),
            step(
              "acl",
              `subnet of ${balancer.name}, answers in`,
              throughAcl(acl, false, to, ephemeral),
            ),
          ]),
          ...(taskAcl === undefined
            ? []
            : [
                step("acl", `subnet of ${to.name}, in`, throughAcl(taskAcl, false, from, wanted)),
                step(
                  "acl",
                  `subnet of ${to.name}, answers out`,
                  throughAcl(taskAcl, true, from, ephemeral),
                ),
              ]),
        ]
      : []),
  ];
}
