import { describe, expect, it } from "vitest";
import { egressAuth } from "#checks/network/egress-auth.ts";
import { egressDatabase } from "#checks/network/egress-database.ts";
import { egressHub } from "#checks/network/egress-hub.ts";
import { egressRedis } from "#checks/network/egress-redis.ts";
import { inbound } from "#checks/network/inbound.ts";
import type {
  AclEntry,
  GroupRule,
  NetworkAcl,
  RouteTable,
  SecurityGroup,
} from "#core/ports/aws.ts";
import { group, judged, summaryOf } from "../samples.ts";

const rule = (port: number | null, change: Partial<GroupRule> = {}): GroupRule => ({
  protocol: port === null ? "-1" : "tcp",
  fromPort: port,
  toPort: port,
  cidrs: [],
  groups: [],
  prefixLists: [],
  ...change,
});
const anywhere = { cidrs: ["0.0.0.0/0"] };
const groups = (
  task: Partial<SecurityGroup> = {},
  lb: Partial<SecurityGroup> = {},
): readonly SecurityGroup[] => [
  {
    id: "sg-lb",
    name: "lb",
    ingress: [rule(443, anywhere)],
    egress: [rule(null, anywhere)],
    ...lb,
  },
  {
    id: "sg-task",
    name: "task",
    ingress: [rule(8001, { groups: ["sg-lb"] })],
    egress: [
      rule(443, anywhere),
      rule(6379, { groups: ["sg-cache"] }),
      rule(5432, { cidrs: ["10.0.3.0/24"] }),
    ],
    ...task,
  },
  { id: "sg-cache", name: "cache", ingress: [rule(6379, { groups: ["sg-task"] })], egress: [] },
];
const place = { address: "10.0.1.10", subnet: "subnet-a", groups: ["sg-task"], publicIp: false };
const interfaces = (change: object = {}) => ({
  fromConfiguration: false,
  tasks: [place],
  vpc: "vpc-1",
  loadBalancers: [
    { name: "main", groups: ["sg-lb"], subnets: ["subnet-p"], addresses: ["10.0.0.5"] },
  ],
  ...change,
});
const ranges = [
  { id: "subnet-a", vpc: "vpc-1", cidr: "10.0.1.0/24", zone: null, freeAddresses: 200 },
  { id: "subnet-p", vpc: "vpc-1", cidr: "10.0.0.0/24", zone: null, freeAddresses: 200 },
];
const entry = (
  egress: boolean,
  number: number,
  from: number | null,
  to: number | null,
  allow = true,
): AclEntry => ({
  number,
  egress,
  protocol: from === null ? "-1" : "6",
  allow,
  cidr: "0.0.0.0/0",
  fromPort: from,
  toPort: to,
});
const acl = (subnet: string, entries: readonly AclEntry[]): NetworkAcl => ({
  id: `acl-${subnet}`,
  subnets: [subnet],
  entries,
});
const open = [entry(true, 100, null, null), entry(false, 100, null, null)];
const last = [entry(true, 32_767, null, null, false), entry(false, 32_767, null, null, false)];

describe("network/inbound", () => {
  const facts = (change: object) => ({
    interfaces: interfaces(),
    groups: groups(),
    targetGroups: [group()],
    acls: [acl("subnet-a", open), acl("subnet-p", open)],
    subnets: ranges,
    ...change,
  });
  it.each([
    ["allowed", "by a reference to the load balancer's group", facts({})],
    ["blocked-by-group", "ingress revoked", facts({ groups: groups({ ingress: [] }) })],
    [
      "blocked-by-group",
      "another port",
      facts({ groups: groups({ ingress: [rule(8000, { groups: ["sg-lb"] })] }) }),
    ],
    [
      "blocked-by-group",
      "egress of the load balancer",
      facts({ groups: groups({}, { egress: [rule(443, anywhere)] }) }),
    ],
    [
      "blocked-by-group",
      "the health-check port alone",
      facts({ targetGroups: [group({ port: "9000" })] }),
    ],
    [
      "blocked-by-group",
      "the interface's own groups, not the service's",
      facts({ interfaces: interfaces({ tasks: [{ ...place, groups: ["sg-cache"] }] }) }),
    ],
    [
      "allowed",
      "by the range of the load balancer's subnet",
      facts({ groups: groups({ ingress: [rule(8001, { cidrs: ["10.0.0.0/24"] })] }) }),
    ],
    [
      "blocked-by-acl",
      "port refused",
      facts({ acls: [acl("subnet-a", [entry(false, 90, 8001, 8001, false), ...open])] }),
    ],
    [
      "blocked-by-acl",
      "NACL ephemeral ports: answers cannot leave",
      facts({
        acls: [
          acl("subnet-a", [entry(false, 100, null, null), entry(true, 100, 443, 443), ...last]),
        ],
      }),
    ],
    [
      "blocked-by-acl",
      "NACL ephemeral ports: answers cannot come back in",
      facts({
        acls: [
          acl("subnet-p", [entry(true, 100, null, null), entry(false, 100, 443, 443), ...last]),
        ],
      }),
    ],
    ["allowed", "ACLs that could not be read are no reason", facts({ acls: undefined })],
    [
      "not run",
      "a prefix list",
      facts({ groups: groups({ ingress: [rule(8001, { prefixLists: ["pl-1"] })] }) }),
    ],
    [
      "allowed",
      "no task is up: the configuration's subnet",
      facts({
        interfaces: interfaces({ fromConfiguration: true, tasks: [{ ...place, address: null }] }),
      }),
    ],
    ["not run", "no load balancer", facts({ interfaces: interfaces({ loadBalancers: [] }) })],
    ["not run", "nowhere to run", facts({ interfaces: interfaces({ tasks: [] }) })],
  ])("%s: %s", (outcome, _why, value) => {
    expect(judged(inbound, value)).toBe(outcome);
  });

  it("names the group and what it lacks", () => {
    expect(summaryOf(inbound, facts({ groups: groups({ ingress: [] }) }))).toBe(
      "10.0.1.10:8001 in from main: sg-task ingress: nothing allows TCP 8001 from main",
    );
  });
});

const routes = (via: string | null, state = "active"): readonly RouteTable[] => [
  {
    id: "rtb-1",
    main: true,
    subnets: ["subnet-a"],
    routes: [
      { destination: "10.0.0.0/16", via: "local", state: "active" },
      ...(via === null ? [] : [{ destination: "0.0.0.0/0", via, state }]),
    ],
  },
];

describe("network/egress", () => {
  const ends = {
    auth: { host: "auth.example.com", port: 443, addresses: ["203.0.113.7"], groups: null },
    redis: {
      host: "cache.example.local",
      port: 6379,
      addresses: ["10.0.2.9"],
      groups: ["sg-cache"],
    },
    hub: { host: "huggingface.co", port: 443, addresses: [], groups: null },
    database: { host: "db.example.local", port: 5432, addresses: ["10.0.3.4"], groups: null },
  };
  const facts = (change: object = {}) => ({
    interfaces: interfaces(),
    groups: groups(),
    ends,
    acls: [acl("subnet-a", open)],
    routes: routes("nat-1"),
    subnets: ranges,
    ...change,
  });
  const shut = groups({ egress: [] });
  it.each([
    ["allowed", egressAuth, facts()],
    ["allowed", egressRedis, facts()],
    ["allowed", egressHub, facts()],
    ["allowed", egressDatabase, facts()],
    ["blocked-by-group", egressAuth, facts({ groups: shut })],
    ["blocked-by-group", egressRedis, facts({ groups: shut })],
    ["blocked-by-group", egressHub, facts({ groups: shut })],
    ["blocked-by-group", egressDatabase, facts({ groups: shut })],
    [
      "blocked-by-group",
      egressRedis,
      facts({
        groups: [
          ...groups().slice(0, 2),
          { id: "sg-cache", name: "cache", ingress: [], egress: [] },
        ],
      }),
    ],
    [
      "blocked-by-acl",
      egressAuth,
      facts({ acls: [acl("subnet-a", [entry(true, 90, 443, 443, false), ...open])] }),
    ],
    [
      "blocked-by-acl",
      egressAuth,
      facts({
        acls: [
          acl("subnet-a", [entry(true, 100, null, null), entry(false, 100, 8001, 8001), ...last]),
        ],
      }),
    ],
    [
      "blocked-by-acl",
      egressRedis,
      facts({ acls: [acl("subnet-a", [entry(true, 90, 6379, 6379, false), ...open])] }),
    ],
    [
      "blocked-by-acl",
      egressHub,
      facts({ acls: [acl("subnet-a", [entry(true, 90, 443, 443, false), ...open])] }),
    ],
    [
      "blocked-by-acl",
      egressDatabase,
      facts({ acls: [acl("subnet-a", [entry(true, 90, 5432, 5432, false), ...open])] }),
    ],
    ["no-route", egressAuth, facts({ routes: routes(null) })],
    ["no-route", egressAuth, facts({ routes: routes("nat-1", "blackhole") })],
    ["no-route", egressHub, facts({ routes: routes("igw-1") })],
    ["no-route", egressRedis, facts({ routes: [{ ...routes(null)[0], routes: [] }] })],
    ["no-route", egressDatabase, facts({ routes: [{ ...routes(null)[0], routes: [] }] })],
    ["allowed", egressRedis, facts({ routes: routes(null) })],
    [
      "not run",
      egressAuth,
      facts({ groups: groups({ egress: [rule(443, { prefixLists: ["pl-1"] })] }) }),
    ],
    ["not run", egressRedis, facts({ ends: { ...ends, redis: null } })],
    ["not run", egressAuth, facts({ interfaces: interfaces({ tasks: [] }) })],
  ])("%s", (outcome, check, value) => {
    expect(judged(check, value)).toBe(outcome);
  });

  it("says what it did not see", () => {
    expect(summaryOf(egressAuth, facts({ acls: undefined, routes: undefined }))).toBe(
      "task -> auth.example.com:443 is let through: sg-task egress: tcp 443 for 0.0.0.0/0; network ACLs and routes not seen",
    );
  });
});
