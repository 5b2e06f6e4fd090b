import { isIPv6 } from "node:net";
import type { NetworkAcl, RouteTable, SecurityGroup, Subnet } from "#core/ports/aws.ts";
import type { TaskPlace } from "../network-interfaces.ts";
import { endOfTask, type Step } from "./inbound.ts";
import { taskEphemeral, throughAcl, throughGroups, type End, type Hop } from "./reach.ts";
import { throughRoutes } from "./routes.ts";

/** The other end of a connection that a task opens. */
export interface FarEnd {
  readonly host: string;
  readonly port: number;
  /** Empty where they are not known. */
  readonly addresses: readonly string[];
  /** Groups of its interfaces inside the VPC; null where it is outside, or not known. */
  readonly groups: readonly string[] | null;
  /** Subnets of its interfaces inside the VPC. */
  readonly subnets: readonly string[];
}

export interface Surroundings {
  /** With the ranges of prefix lists in place of the lists. */
  readonly groups: readonly SecurityGroup[];
  readonly acls: readonly NetworkAcl[];
  /** Null: not known, and not asked. */
  readonly tables: readonly RouteTable[] | null;
  /** Ranges by prefix list of routes. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly subnets: readonly Subnet[];
}

export type OutStep = Omit<Step, "kind"> & { readonly kind: Step["kind"] | "route" };

/** Everything on the way out of a task and back: groups of both ends, ACLs of both subnets both ways, the route. */
export function wayOut(task: TaskPlace, far: FarEnd, around: Surroundings): readonly OutStep[] {
  const ipv4 = far.addresses.filter((one) => !isIPv6(one));
  if (ipv4.length > 0 || far.addresses.length === 0)
    return stepsOf(task, { ...far, addresses: ipv4 }, around);
  if (task.ipv6 !== null) return stepsOf({ ...task, address: task.ipv6 }, far, around);
  const by = `${far.host} has IPv6 addresses only`;
  return [
    task.address === null
      ? { kind: "route", label: task.subnet, verdict: "undecidable", by }
      : { kind: "route", label: task.address, verdict: "blocked", by: `${by}, the task has none` },
  ];
}

function stepsOf(task: TaskPlace, far: FarEnd, around: Surroundings): readonly OutStep[] {
  const to: End = {
    name: far.addresses.length === 0 ? far.host : `${far.host} (${far.addresses.join(", ")})`,
    ranges: far.addresses,
    groups: far.groups,
  };
  const from = endOfTask(task, around.subnets);
  const port = { from: far.port, to: far.port };
  const groups = (ids: readonly string[]): readonly SecurityGroup[] =>
    around.groups.filter((one) => ids.includes(one.id));
  const aclsOf = (subnets: readonly string[]): readonly NetworkAcl[] =>
    around.acls.filter((acl) => acl.subnets.some((subnet) => subnets.includes(subnet)));
  const elsewhere = far.subnets.filter((subnet) => subnet !== task.subnet);
  // Inside one subnet there is no network ACL to pass.
  const leaves = far.subnets.length === 0 || elsewhere.length > 0;
  const step = (kind: OutStep["kind"], label: string, hop: Hop): OutStep => ({
    kind,
    label,
    ...hop,
  });
  return [
    step("group", `${from.name} out`, throughGroups(groups(task.groups), "egress", to, far.port)),
    ...(far.groups === null || far.groups.length === 0
      ? []
      : [
          step(
            "group",
            `${far.host} in`,
            throughGroups(groups(far.groups), "ingress", from, far.port),
          ),
        ]),
    ...aclsOf(leaves ? [task.subnet] : []).flatMap((acl) => [
      step("acl", `subnet of ${from.name}, out`, throughAcl(acl, true, to, port)),
      step("acl", `subnet of ${from.name}, answers in`, throughAcl(acl, false, to, taskEphemeral)),
    ]),
    ...aclsOf(elsewhere).flatMap((acl) => [
      step("acl", `subnet of ${far.host}, in`, throughAcl(acl, false, from, port)),
      step("acl", `subnet of ${far.host}, answers out`, throughAcl(acl, true, from, taskEphemeral)),
    ]),
    ...(around.tables === null || (far.addresses.length === 0 && isInside(far.host))
      ? []
      : [
          step("route", `route of ${task.subnet}`, routeTo(around.tables, task, far, around.lists)),
        ]),
  ];
}

/** A client takes any of a name's addresses: they have to agree. */
function routeTo(
  tables: readonly RouteTable[],
  task: TaskPlace,
  { addresses }: FarEnd,
  lists: Surroundings["lists"],
): Hop {
  const hops = (addresses.length === 0 ? [null] : addresses).map((address) =>
    throughRoutes(tables, task.subnet, address, task.publicIp, lists),
  );
  const worst = hops.find((one) => one.verdict !== "allowed") ?? hops[0];
  if (worst === undefined) return { verdict: "undecidable", by: "no address is known" };
  return hops.every((one) => one.verdict === worst.verdict)
    ? worst
    : { verdict: "undecidable", by: `${worst.by}, for some of its addresses` };
}

/** Names that only exist inside: without an address, "to the internet" would be the wrong question. */
const isInside = (host: string): boolean =>
  !host.includes(".") || /\.(?:local|internal|amazonaws\.com)$/u.test(host);
