import type { GroupRule, NetworkAcl } from "#core/ports/aws.ts";
import { overlap } from "./cidr.ts";
import type { ReadGroup, ReadRule } from "./prefix-list-ranges.ts";

/** One end of a path inside a VPC, or a place outside of it (no groups, no subnet). */
export interface End {
  readonly name: string;
  /** CIDR ranges or addresses that the end may have. */
  readonly ranges: readonly string[];
  /** Ids of its security groups; null where they are not known. */
  readonly groups: readonly string[] | null;
}

export interface Hop {
  readonly verdict: "allowed" | "blocked" | "undecidable";
  /** "sg-1 ingress: tcp 8001 from sg-2", or why nothing lets it through. */
  readonly by: string;
}

/** The ports that a load balancer's answers come back to ("Network ACLs", Elastic Load Balancing user guide). */
export const ephemeral = { from: 1_024, to: 65_535 } as const;
/** Those of a task: what Linux gives out (net.ipv4.ip_local_port_range). */
export const taskEphemeral = { from: 32_768, to: 60_999 } as const;

interface Ports {
  readonly from: number;
  readonly to: number;
}

/** Groups only allow, and any one of them is enough; they remember connections, so one direction decides. */
export function throughGroups(
  groups: readonly ReadGroup[],
  direction: "ingress" | "egress",
  peer: End,
  port: number,
): Hop {
  const side = groups.map((group) => group.id).join(", ") || "no group";
  const others: string[] = [];
  let perhaps: string | null = null;
  for (const group of groups) {
    for (const rule of group[direction]) {
      if (!coversTcp(rule.protocol, "tcp", rule, { from: port, to: port })) continue;
      const said = `${group.id} ${direction}: ${describe(rule)}`;
      const met = covers(rule, peer);
      if (met === "yes") return { verdict: "allowed", by: said };
      if (met === "maybe") perhaps ??= said;
      else others.push(peersOf(rule));
    }
  }
  if (perhaps !== null) return { verdict: "undecidable", by: perhaps };
  const word = direction === "ingress" ? "from" : "to";
  const open = others.length === 0 ? "" : `; it is open for ${others.join(", ")}`;
  return {
    verdict: "blocked",
    by: `${side} ${direction}: nothing allows TCP ${port} ${word} ${peer.name}${open}`,
  };
}

function covers(rule: GroupRule, peer: End): "yes" | "no" | "maybe" {
  if (peer.groups !== null && rule.groups.some((id) => peer.groups?.includes(id))) return "yes";
  const ranges = peer.ranges.map((range) => best(rule.cidrs.map((cidr) => overlap(cidr, range))));
  if (ranges.length > 0 && ranges.every((range) => range === "all")) return "yes";
  // An address that is not known is only certain to match "everywhere".
  if (peer.ranges.length === 0 && rule.cidrs.some(isEverywhere)) return "yes";
  const unknown =
    (peer.groups === null && rule.groups.length > 0) ||
    rule.prefixLists.length > 0 ||
    ranges.some((range) => range !== "none") ||
    (peer.ranges.length === 0 && rule.cidrs.length > 0);
  return unknown ? "maybe" : "no";
}

/** Where no address is known, IPv4 is meant. */
const isEverywhere = (cidr: string): boolean => cidr === "0.0.0.0/0";

const best = (overlaps: readonly ("all" | "part" | "none")[]): "all" | "part" | "none" =>
  overlaps.includes("all") ? "all" : overlaps.includes("part") ? "part" : "none";

/** Entries in order of their number; the first that matches decides, and answers need their own way back. */
export function throughAcl(acl: NetworkAcl, egress: boolean, peer: End, ports: Ports): Hop {
  const direction = egress ? "out" : "in";
  const where = `${acl.id} ${direction}`;
  let open: readonly Ports[] = [ports];
  let perhaps: string | null = null;
  for (const entry of acl.entries.toSorted((a, b) => a.number - b.number)) {
    if (entry.egress !== egress || entry.cidr === null) continue;
    const { cidr } = entry;
    const said = `${where}: rule ${entry.number} ${entry.allow ? "allows" : "denies"} ${spelt(entry)} for ${cidr}`;
    const touched = open.filter((range) => coversPorts(entry, range) !== "none");
    if (touched.length === 0 || !isTcp(entry.protocol)) continue;
    const place =
      peer.ranges.length === 0
        ? isEverywhere(cidr)
          ? "all"
          : "part"
        : common(peer.ranges.map((range) => overlap(cidr, range)));
    if (place === "none") continue;
    if (place === "part") {
      perhaps ??= `${said}, which covers ${peer.name} in part`;
      // A later entry may allow all of it; what a refusal takes away it cannot give back.
      if (entry.allow) continue;
      return { verdict: "undecidable", by: perhaps };
    }
    if (!entry.allow && perhaps !== null) return { verdict: "undecidable", by: perhaps };
    if (!entry.allow) {
      const needed = spelt({ fromPort: ports.from, toPort: ports.to });
      return { verdict: "blocked", by: `${said}, and TCP ${needed} has to pass` };
    }
    open = open.flatMap((range) => without(range, entry));
    if (open.length === 0) return { verdict: "allowed", by: said };
  }
  if (perhaps !== null) return { verdict: "undecidable", by: perhaps };
  const left = open[0] ?? ports;
  const lacking = spelt({ fromPort: left.from, toPort: left.to });
  return { verdict: "blocked", by: `${where}: nothing allows TCP ${lacking} for ${peer.name}` };
}

const common = (overlaps: readonly ("all" | "part" | "none")[]): "all" | "part" | "none" => {
  if (overlaps.every((one) => one === "all")) return "all";
  return overlaps.every((one) => one === "none") ? "none" : "part";
};

const isTcp = (protocol: string): boolean =>
  protocol === "6" || protocol === "-1" || protocol === "tcp";

interface PortRange {
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

const coversTcp = (protocol: string, wanted: string, range: PortRange, ports: Ports): boolean =>
  protocol === "-1" ||
  ((protocol === wanted || protocol === "6") && coversPorts(range, ports) === "all");

function coversPorts(range: PortRange, ports: Ports): "all" | "part" | "none" {
  const [from, to] = [range.fromPort ?? 0, range.toPort ?? 65_535];
  if (from <= ports.from && to >= ports.to) return "all";
  return to < ports.from || from > ports.to ? "none" : "part";
}

/** What is left of a port range after an entry has taken its part. */
const without = (ports: Ports, entry: PortRange): readonly Ports[] => {
  const [from, to] = [entry.fromPort ?? 0, entry.toPort ?? 65_535];
  if (to < ports.from || from > ports.to) return [ports];
  return [
    { from: ports.from, to: from - 1 },
    { from: to + 1, to: ports.to },
  ].filter((range) => range.from <= range.to);
};

const describe = (rule: ReadRule): string =>
  `${rule.protocol === "-1" ? "all" : rule.protocol} ${spelt(rule)} for ${peersOf(rule)}`;

/** "10.0.0.0/16, sg-1", and where ranges come from a list, "10.0.2.0/24 (pl-1)"; "nobody (pl-1)" for an empty one. */
const peersOf = ({ cidrs, groups, prefixLists, readLists = [] }: ReadRule): string => {
  const peers = [...cidrs, ...groups, ...prefixLists].join(", ") || "nobody";
  return readLists.length === 0 ? peers : `${peers} (${readLists.join(", ")})`;
};

const spelt = ({ fromPort, toPort }: PortRange): string => {
  if (fromPort === null) return "all ports";
  return fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort ?? 65_535}`;
};
