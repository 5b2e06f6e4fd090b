/** Whether a packet gets from one interface to an address: groups, network ACLs and routes, as in a VPC. */
import { BlockList } from "node:net";
import type { NetworkInterface, Route, SecurityGroupRule, WorldState } from "../world/state.ts";

export const inCidr = (address: string, cidr: string): boolean => {
  const [network = "", bits = "32"] = cidr.split("/");
  const list = new BlockList();
  list.addSubnet(network, Number(bits), "ipv4");
  return list.check(address, "ipv4");
};

const interfaceAt = (state: WorldState, address: string): NetworkInterface | undefined =>
  state.ec2.networkInterfaces.find((one) => one.privateIpAddress === address);

const matches = (
  state: WorldState,
  rule: SecurityGroupRule,
  port: number,
  peer: { address: string; groupIds: string[] },
): boolean => {
  if (rule.protocol !== "-1") {
    if (rule.protocol !== "tcp" || port < rule.fromPort || port > rule.toPort) return false;
  }
  if (rule.groupId !== undefined) return peer.groupIds.includes(rule.groupId);
  if (rule.prefixListId !== undefined) {
    const list = state.ec2.prefixLists.find((one) => one.prefixListId === rule.prefixListId);
    return list?.cidrs.some((cidr) => inCidr(peer.address, cidr)) ?? false;
  }
  return rule.cidrIpv4 !== undefined && inCidr(peer.address, rule.cidrIpv4);
};

const groupsAllow = (
  state: WorldState,
  owner: NetworkInterface,
  direction: "ingress" | "egress",
  port: number,
  peer: { address: string; groupIds: string[] },
): boolean =>
  state.ec2.securityGroups
    .filter((group) => owner.groupIds.includes(group.groupId))
    .some((group) => group[direction].some((rule) => matches(state, rule, port, peer)));

/** The lowest number that matches decides; nothing that matches means no. */
const aclAllows = (
  state: WorldState,
  subnetId: string,
  egress: boolean,
  port: number,
  peer: string,
): boolean => {
  const acl = state.ec2.networkAcls.find((one) => one.subnetIds.includes(subnetId));
  const entry = acl?.entries
    .filter((one) => one.egress === egress)
    .toSorted((a, b) => a.ruleNumber - b.ruleNumber)
    .find(
      (one) =>
        (one.protocol === "-1" || one.protocol === "6") &&
        inCidr(peer, one.cidrBlock) &&
        (one.portRange === undefined || (port >= one.portRange.from && port <= one.portRange.to)),
    );
  return entry?.ruleAction === "allow";
};

const rangesOf = (state: WorldState, route: Route): readonly string[] =>
  route.destinationCidrBlock === undefined
    ? (state.ec2.prefixLists.find((one) => one.prefixListId === route.destinationPrefixListId)
        ?.cidrs ?? [])
    : [route.destinationCidrBlock];

const hasRoute = (state: WorldState, subnetId: string, address: string): boolean => {
  const tables = state.ec2.routeTables;
  const table =
    tables.find((one) => one.subnetIds.includes(subnetId)) ?? tables.find((one) => one.main);
  const prefix = (cidr: string): number => Number(cidr.split("/")[1] ?? 0);
  const route = table?.routes
    .flatMap((one) => rangesOf(state, one).map((cidr) => ({ ...one, cidr })))
    .filter(({ cidr }) => inCidr(address, cidr))
    .toSorted((a, b) => prefix(b.cidr) - prefix(a.cidr))[0];
  if (route === undefined || route.state !== "active") return false;
  if (route.natGatewayId === undefined) return true;
  return state.ec2.natGateways.some(
    (one) => one.natGatewayId === route.natGatewayId && one.state === "available",
  );
};

/** A port of the range that replies come back to. */
const ephemeral = 40_000;

/** False means that the packet is dropped: the caller waits until its own time-out. */
export const isReachable = (state: WorldState, from: string, to: string, port: number): boolean => {
  const source = interfaceAt(state, from);
  const target = interfaceAt(state, to);
  if (source !== undefined) {
    if (
      !groupsAllow(state, source, "egress", port, { address: to, groupIds: target?.groupIds ?? [] })
    ) {
      return false;
    }
    if (!hasRoute(state, source.subnetId, to)) return false;
  }
  if (target !== undefined) {
    const peer = { address: from, groupIds: source?.groupIds ?? [] };
    if (!groupsAllow(state, target, "ingress", port, peer)) return false;
  }
  if (source !== undefined && source.subnetId === target?.subnetId) return true;
  for (const [owner, peer, opens] of [
    [source, to, true],
    [target, from, false],
  ] as const) {
    if (owner === undefined) continue;
    if (!aclAllows(state, owner.subnetId, opens, port, peer)) return false;
    if (!aclAllows(state, owner.subnetId, !opens, ephemeral, peer)) return false;
  }
  return true;
};
