import { describe, expect, it } from "vitest";
import type { AclEntry, GroupRule, RouteTable } from "#core/ports/aws.ts";
import { overlap } from "#facts/network-path/cidr.ts";
import {
  ephemeral,
  throughAcl,
  taskEphemeral,
  throughGroups,
  type End,
} from "#facts/network-path/reach.ts";
import { withLists } from "#facts/network-path/prefix-list-ranges.ts";
import { throughRoutes } from "#facts/network-path/routes.ts";
import { wayOut, type FarEnd, type Surroundings } from "#facts/network-path/way-out.ts";

describe("overlap", () => {
  it.each([
    ["all", "10.0.0.0/16", "10.0.3.0/24"],
    ["all", "0.0.0.0/0", "203.0.113.9"],
    ["part", "10.0.3.0/24", "10.0.0.0/16"],
    ["none", "10.0.0.0/16", "10.1.0.1"],
    ["none", "0.0.0.0/0", "2001:db8::1"],
    ["all", "2001:db8::/32", "2001:db8::1"],
    ["none", "pl-0123", "10.0.0.1"],
  ])("%s: %s and %s", (result, outer, inner) => {
    expect(overlap(outer, inner)).toBe(result);
  });
});

const rule = (change: Partial<GroupRule>): GroupRule => ({
  protocol: "tcp",
  fromPort: 8001,
  toPort: 8001,
  cidrs: [],
  groups: [],
  prefixLists: [],
  ...change,
});
const peer = (change: Partial<End> = {}): End => ({
  name: "lb",
  ranges: ["10.0.0.5"],
  groups: ["sg-lb"],
  ...change,
});

describe("throughGroups", () => {
  it.each([
    ["allowed", "a reference to the peer's group", [rule({ groups: ["sg-lb"] })], peer()],
    ["allowed", "a range with its address", [rule({ cidrs: ["10.0.0.0/24"] })], peer()],
    [
      "allowed",
      "all protocols",
      [rule({ protocol: "-1", fromPort: null, toPort: null, cidrs: ["0.0.0.0/0"] })],
      peer(),
    ],
    [
      "allowed",
      "a span of ports",
      [rule({ fromPort: 8000, toPort: 8010, groups: ["sg-lb"] })],
      peer(),
    ],
    [
      "allowed",
      "two ranges that cover two addresses",
      [rule({ cidrs: ["10.0.0.0/24", "10.0.1.0/24"] })],
      peer({ ranges: ["10.0.0.5", "10.0.1.5"] }),
    ],
    [
      "allowed",
      "everywhere, for an address that is not known",
      [rule({ cidrs: ["0.0.0.0/0"] })],
      peer({ ranges: [], groups: null }),
    ],
    ["blocked", "no rule", [], peer()],
    ["blocked", "another port", [rule({ fromPort: 80, toPort: 80, groups: ["sg-lb"] })], peer()],
    ["blocked", "UDP", [rule({ protocol: "udp", groups: ["sg-lb"] })], peer()],
    ["blocked", "another group", [rule({ groups: ["sg-other"] })], peer()],
    ["blocked", "another range", [rule({ cidrs: ["10.9.0.0/16"] })], peer()],
    [
      "allowed",
      "an IPv6 range with its address",
      [rule({ cidrs: ["2001:db8::/32"] })],
      peer({ ranges: ["2001:db8::5"], groups: null }),
    ],
    [
      "blocked",
      "everywhere in IPv4, for an IPv6 address",
      [rule({ cidrs: ["0.0.0.0/0"] })],
      peer({ ranges: ["2001:db8::5"], groups: null }),
    ],
    [
      "blocked",
      "everywhere in IPv6 only, for an address that is not known",
      [rule({ groups: ["sg-x"], cidrs: [] })],
      peer({ ranges: [], groups: [] }),
    ],
    ["undecidable", "a prefix list", [rule({ prefixLists: ["pl-1"] })], peer()],
    [
      "undecidable",
      "a group, where the peer's are not known",
      [rule({ groups: ["sg-x"] })],
      peer({ groups: null }),
    ],
    [
      "undecidable",
      "a range that covers one of two addresses",
      [rule({ cidrs: ["10.0.0.0/24"] })],
      peer({ ranges: ["10.0.0.5", "10.0.1.5"] }),
    ],
  ])("%s: %s", (verdict, _why, ingress, from) => {
    const groups = [{ id: "sg-task", name: "task", ingress, egress: [] }];
    expect(throughGroups(groups, "ingress", from, 8001).verdict).toBe(verdict);
  });

  it("says what is missing", () => {
    const groups = [{ id: "sg-task", name: "task", ingress: [], egress: [] }];
    expect(throughGroups(groups, "egress", peer({ name: "auth.example.com" }), 443).by).toBe(
      "sg-task egress: nothing allows TCP 443 to auth.example.com",
    );
  });

  it.each([
    ["sg-task ingress: tcp 8001 for 10.0.0.0/24 (pl-1)", { "pl-1": ["10.0.0.0/24"] }],
    [
      "sg-task ingress: nothing allows TCP 8001 from lb; it is open for 10.0.2.0/24 (pl-1)",
      { "pl-1": ["10.0.2.0/24"] },
    ],
    [
      "sg-task ingress: nothing allows TCP 8001 from lb; it is open for nobody (pl-1)",
      { "pl-1": [] },
    ],
    ["sg-task ingress: tcp 8001 for pl-1", {}],
  ])("%s", (by, lists) => {
    const groups = [
      { id: "sg-task", name: "task", ingress: [rule({ prefixLists: ["pl-1"] })], egress: [] },
    ];
    expect(throughGroups(withLists(groups, lists), "ingress", peer(), 8001).by).toBe(by);
  });
});

const entry = (number: number, change: Partial<AclEntry> = {}): AclEntry => ({
  number,
  egress: false,
  protocol: "-1",
  allow: true,
  cidr: "0.0.0.0/0",
  fromPort: null,
  toPort: null,
  ...change,
});
const last = entry(32_767, { allow: false });
const web = { from: 443, to: 443 };

describe("throughAcl", () => {
  it.each([
    ["allowed", "the default", [entry(100), last], web],
    [
      "blocked",
      "the lowest number wins",
      [entry(90, { allow: false, protocol: "6", fromPort: 443, toPort: 443 }), entry(100), last],
      web,
    ],
    [
      "allowed",
      "whatever order they come in",
      [last, entry(100, { allow: false }), entry(90)],
      web,
    ],
    ["blocked", "nothing but the last", [last], web],
    [
      "allowed",
      "a refusal of another protocol",
      [entry(90, { allow: false, protocol: "17" }), entry(100), last],
      web,
    ],
    [
      "allowed",
      "a refusal of another port",
      [entry(90, { allow: false, protocol: "6", fromPort: 22, toPort: 22 }), entry(100), last],
      web,
    ],
    [
      "allowed",
      "a refusal of the other direction",
      [entry(90, { allow: false, egress: true }), entry(100), last],
      web,
    ],
    [
      "allowed",
      "another place",
      [entry(90, { allow: false, cidr: "192.0.2.0/24" }), entry(100), last],
      web,
    ],
    [
      "undecidable",
      "a part of the place",
      [entry(90, { allow: false, cidr: "10.0.0.0/30" }), entry(100), last],
      web,
    ],
    [
      "allowed",
      "a part of the place, and later all of it",
      [entry(90, { cidr: "10.0.0.0/30" }), entry(100), last],
      web,
    ],
    ["undecidable", "only a part of the place", [entry(90, { cidr: "10.0.0.0/30" }), last], web],
    [
      "allowed",
      "ephemeral ports from two entries",
      [
        entry(90, { protocol: "6", fromPort: 1_024, toPort: 40_000 }),
        entry(100, { protocol: "6", fromPort: 40_001, toPort: 65_535 }),
        last,
      ],
      ephemeral,
    ],
    [
      "blocked",
      "ephemeral ports in part",
      [entry(90, { protocol: "6", fromPort: 32_768, toPort: 65_535 }), last],
      ephemeral,
    ],
    [
      "allowed",
      "a task's own ephemeral ports are fewer than a load balancer's",
      [entry(90, { protocol: "6", fromPort: 32_768, toPort: 60_999 }), last],
      taskEphemeral,
    ],
    [
      "allowed",
      "IPv6 entries say nothing of IPv4",
      [entry(90, { allow: false, cidr: "::/0" }), entry(100), last],
      web,
    ],
    [
      "blocked",
      "only the service's own port: answers do not come back",
      [entry(90, { protocol: "6", fromPort: 443, toPort: 443 }), last],
      ephemeral,
    ],
  ])("%s: %s", (verdict, _why, entries, ports) => {
    const from = peer({ ranges: ["10.0.0.0/24"] });
    expect(throughAcl({ id: "acl-1", subnets: [], entries }, false, from, ports).verdict).toBe(
      verdict,
    );
  });
});

it("says which rule of the ACL denies, and what had to pass", () => {
  const entries = [
    entry(50, { allow: false, protocol: "6", fromPort: 32_768, toPort: 65_535 }),
    entry(100),
    last,
  ];
  expect(throughAcl({ id: "acl-1", subnets: [], entries }, false, peer(), taskEphemeral).by).toBe(
    "acl-1 in: rule 50 denies 32768-65535 for 0.0.0.0/0, and TCP 32768-60999 has to pass",
  );
});

const table = (routes: RouteTable["routes"], change: Partial<RouteTable> = {}): RouteTable => ({
  id: "rtb-1",
  main: false,
  subnets: ["subnet-a"],
  routes: [{ destination: "10.0.0.0/16", via: "local", state: "active" }, ...routes],
  ...change,
});
const nat = { destination: "0.0.0.0/0", via: "nat-1", state: "active" };
const toList = { destination: "pl-1", via: "vpce-1", state: "active" };
const igw = { destination: "0.0.0.0/0", via: "igw-1", state: "active" };

describe("throughRoutes", () => {
  it.each([
    ["allowed", "NAT", [table([nat])], "203.0.113.9", false],
    ["allowed", "inside", [table([])], "10.0.7.7", false],
    ["blocked", "no way out", [table([])], "203.0.113.9", false],
    [
      "blocked",
      "a NAT gateway that is gone",
      [table([{ ...nat, state: "blackhole" }])],
      "203.0.113.9",
      false,
    ],
    [
      "blocked",
      "an internet gateway without a public address",
      [table([igw])],
      "203.0.113.9",
      false,
    ],
    ["allowed", "an internet gateway with one", [table([igw])], "203.0.113.9", true],
    [
      "blocked",
      "the longest prefix wins",
      [table([nat, { destination: "203.0.113.0/24", via: "tgw-1", state: "blackhole" }])],
      "203.0.113.9",
      false,
    ],
    [
      "allowed",
      "the main table where the subnet has none",
      [table([nat], { main: true, subnets: [] })],
      "203.0.113.9",
      false,
    ],
    ["allowed", "an address that is not known goes by the default", [table([nat])], null, false],
    [
      "undecidable",
      "no table known",
      [table([nat], { subnets: ["subnet-z"] })],
      "203.0.113.9",
      false,
    ],
    ["undecidable", "only a list that was not read", [table([toList])], "203.0.113.9", false],
    [
      "allowed",
      "a list that was not read beside NAT",
      [table([nat, toList])],
      "203.0.113.9",
      false,
    ],
    [
      "undecidable",
      "a list that was not read, and may lead to what is gone",
      [table([nat, { ...toList, state: "blackhole" }])],
      "203.0.113.9",
      false,
    ],
    ["blocked", "IPv6 without a route", [table([nat])], "2001:db8::9", false],
    [
      "allowed",
      "an internet gateway needs no public IPv4 address for IPv6",
      [table([{ destination: "::/0", via: "igw-1", state: "active" }])],
      "2001:db8::9",
      false,
    ],
    [
      "allowed",
      "a peering",
      [table([{ destination: "10.9.0.0/16", via: "pcx-1", state: "active" }])],
      "10.9.1.1",
      false,
    ],
  ])("%s: %s", (verdict, _why, tables, destination, publicIp) => {
    expect(throughRoutes(tables, "subnet-a", destination, publicIp).verdict).toBe(verdict);
  });

  it.each([
    ["rtb-1: pl-1 via vpce-1", [toList], { "pl-1": ["203.0.113.0/24"] }],
    ["rtb-1: pl-1 via vpce-1", [nat, toList], { "pl-1": ["203.0.113.0/24"] }],
    ["rtb-1: 0.0.0.0/0 via nat-1", [nat, toList], { "pl-1": ["198.51.100.0/24"] }],
    ["rtb-1: no route to 203.0.113.9", [toList], { "pl-1": ["198.51.100.0/24"] }],
    ["rtb-1: no route to 203.0.113.9", [toList], { "pl-1": [] }],
    [
      "rtb-1: pl-1 leads to vpce-1, which is gone",
      [nat, { ...toList, state: "blackhole" }],
      { "pl-1": ["203.0.113.0/24"] },
    ],
    [
      "rtb-1: 203.0.113.0/24 via tgw-1",
      [toList, { destination: "203.0.113.0/24", via: "tgw-1", state: "active" }],
      { "pl-1": ["203.0.113.0/24"] },
    ],
    [
      "rtb-1: pl-1 via vpce-1, or rtb-1: pl-2 leads to tgw-1, which is gone",
      [toList, { destination: "pl-2", via: "tgw-1", state: "blackhole" }],
      { "pl-1": ["203.0.113.0/24"], "pl-2": ["203.0.113.0/24"] },
    ],
  ])("%s", (by, routes, lists) => {
    expect(throughRoutes([table(routes)], "subnet-a", "203.0.113.9", false, lists).by).toBe(by);
  });
});

describe("wayOut", () => {
  const open = [entry(100), entry(100, { egress: true }), last, { ...last, egress: true }];
  const around: Surroundings = {
    groups: [
      {
        id: "sg-task",
        name: "task",
        ingress: [],
        egress: [rule({ fromPort: 443, toPort: 443, cidrs: ["0.0.0.0/0", "::/0"] })],
      },
    ],
    acls: [{ id: "acl-a", subnets: ["subnet-a"], entries: open }],
    tables: [table([nat])],
    lists: {},
    subnets: [],
  };
  const place = {
    address: "10.0.1.10",
    ipv6: null,
    subnet: "subnet-a",
    groups: ["sg-task"],
    publicIp: false,
  };
  const far = (change: Partial<FarEnd>): FarEnd => ({
    host: "auth.example.com",
    port: 443,
    addresses: ["203.0.113.7"],
    groups: null,
    subnets: [],
    ...change,
  });
  const deaf = (id: string, subnet: string) => ({
    id,
    subnets: [subnet],
    entries: [
      entry(50, { allow: false, egress: true, protocol: "6", fromPort: 32_768, toPort: 65_535 }),
      ...open,
    ],
  });
  const inside = far({ addresses: ["10.0.3.5"], subnets: ["subnet-b"] });
  const v6 = { ...around, acls: [], tables: [table([{ ...igw, destination: "::/0" }])] };
  it.each([
    ["allowed", "NAT", place, far({}), around],
    [
      "allowed",
      "IPv4 where there is both",
      place,
      far({ addresses: ["2001:db8::7", "203.0.113.7"] }),
      around,
    ],
    ["blocked", "IPv6 only, and the task has none", place, far({ addresses: ["2001:db8::7"] }), v6],
    [
      "allowed",
      "IPv6 only, and the task has one",
      { ...place, ipv6: "2001:db8::a" },
      far({ addresses: ["2001:db8::7"] }),
      v6,
    ],
    [
      "blocked",
      "IPv6 only, and no route for it",
      { ...place, ipv6: "2001:db8::a" },
      far({ addresses: ["2001:db8::7"] }),
      { ...v6, tables: [table([nat])] },
    ],
    [
      "undecidable",
      "IPv6 only, before there is a task",
      { ...place, address: null },
      far({ addresses: ["2001:db8::7"] }),
      v6,
    ],
    [
      "blocked",
      "the ACL of the other end keeps its answers",
      place,
      inside,
      { ...around, acls: [...around.acls, deaf("acl-b", "subnet-b")] },
    ],
    [
      "allowed",
      "inside one subnet there is no ACL",
      place,
      { ...inside, subnets: ["subnet-a"] },
      { ...around, acls: [deaf("acl-a", "subnet-a")] },
    ],
    [
      "allowed",
      "a private name without an address asks no route",
      place,
      far({ host: "Redis", addresses: [] }),
      { ...around, tables: [table([])] },
    ],
    [
      "undecidable",
      "one of two addresses has no route",
      place,
      far({ addresses: ["10.0.7.7", "203.0.113.7"] }),
      { ...around, tables: [table([])] },
    ],
  ])("%s: %s", (verdict, _why, task, to, world) => {
    const verdicts = wayOut(task, to, world).map((step) => step.verdict);
    const worst = verdicts.includes("blocked")
      ? "blocked"
      : (verdicts.find((one) => one !== "allowed") ?? "allowed");
    expect(worst).toBe(verdict);
  });
});
