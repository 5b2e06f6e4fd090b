import { describe, expect, it } from "vitest";
import { egressAuth } from "#checks/network/egress-auth.ts";
import { egressDatabase } from "#checks/network/egress-database.ts";
import { egressHub } from "#checks/network/egress-hub.ts";
import { egressRedis } from "#checks/network/egress-redis.ts";
import { freeAddresses } from "#checks/network/free-addresses.ts";
import { inbound } from "#checks/network/inbound.ts";
import { startReach } from "#checks/network/start-reach.ts";
import { vpcNames } from "#checks/network/vpc-dns.ts";
import type {
  AclEntry,
  GroupRule,
  NetworkAcl,
  RouteTable,
  SecurityGroup,
} from "#core/ports/aws.ts";
import type { StartHost } from "#facts/start-hosts.ts";
import { group, judged, service, summaryOf } from "../samples.ts";

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
const place = {
  address: "10.0.1.10",
  ipv6: null,
  subnet: "subnet-a",
  groups: ["sg-task"],
  publicIp: false,
};
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
      "allowed",
      "a dual-stack load balancer comes with the family of its target",
      facts({
        groups: groups({ ingress: [rule(8001, { cidrs: ["10.0.0.0/24"] })] }),
        interfaces: interfaces({
          loadBalancers: [
            {
              name: "main",
              groups: ["sg-lb"],
              subnets: ["subnet-p"],
              addresses: ["10.0.0.5", "2001:db8::5"],
            },
          ],
        }),
      }),
    ],
    [
      "allowed",
      "by a prefix list that holds the load balancer's range",
      facts({
        groups: groups({ ingress: [rule(8001, { prefixLists: ["pl-1"] })] }),
        lists: { "pl-1": ["10.0.0.0/23"] },
      }),
    ],
    [
      "blocked-by-group",
      "by a prefix list that is empty",
      facts({
        groups: groups({ ingress: [rule(8001, { prefixLists: ["pl-1"] })] }),
        lists: { "pl-1": [] },
      }),
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
    ["lacks acls", "ACLs that could not be read let nothing through", facts({ acls: undefined })],
    [
      "blocked-by-group",
      "a group blocks, whatever the unread ACLs say",
      facts({ groups: groups({ ingress: [] }), acls: undefined }),
    ],
    [
      "lacks lists",
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

const toList: readonly RouteTable[] = [
  {
    id: "rtb-1",
    main: true,
    subnets: ["subnet-a"],
    routes: [{ destination: "pl-1", via: "tgw-1", state: "active" }],
  },
];
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
    auth: {
      host: "auth.example.com",
      port: 443,
      addresses: ["203.0.113.7"],
      groups: null,
      subnets: [],
    },
    redis: {
      host: "cache.example.local",
      port: 6379,
      addresses: ["10.0.2.9"],
      groups: ["sg-cache"],
      subnets: ["subnet-d"],
    },
    hub: { host: "huggingface.co", port: 443, addresses: [], groups: null, subnets: [] },
    database: {
      host: "db.example.local",
      port: 5432,
      addresses: ["10.0.3.4"],
      groups: null,
      subnets: [],
    },
  };
  const facts = (change: object = {}) => ({
    interfaces: interfaces(),
    groups: groups(),
    ends,
    acls: [acl("subnet-a", open)],
    farAcls: [acl("subnet-d", open)],
    routes: routes("nat-1"),
    routeLists: {},
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
      "lacks lists",
      egressAuth,
      facts({ groups: groups({ egress: [rule(443, { prefixLists: ["pl-1"] })] }) }),
    ],
    [
      "blocked-by-acl",
      egressRedis,
      facts({ farAcls: [acl("subnet-d", [entry(false, 90, 6379, 6379, false), ...open])] }),
    ],
    ["lacks farAcls", egressRedis, facts({ farAcls: undefined })],
    ["allowed", egressAuth, facts({ farAcls: undefined })],
    ["no-route", egressAuth, facts({ routes: toList, routeLists: { "pl-1": ["10.9.0.0/16"] } })],
    ["allowed", egressAuth, facts({ routes: toList, routeLists: { "pl-1": ["203.0.113.0/24"] } })],
    ["lacks routeLists", egressAuth, facts({ routes: toList, routeLists: undefined })],
    ["lacks acls", egressAuth, facts({ acls: undefined, routes: undefined })],
    ["lacks routes", egressHub, facts({ routes: undefined })],
    ["blocked-by-group", egressAuth, facts({ groups: shut, acls: undefined, routes: undefined })],
    ["not run", egressRedis, facts({ ends: { ...ends, redis: null } })],
    ["not run", egressAuth, facts({ interfaces: interfaces({ tasks: [] }) })],
  ])("%s", (outcome, check, value) => {
    expect(judged(check, value)).toBe(outcome);
  });
});

const host = (what: string, product: string | null, address: string): StartHost => ({
  what,
  host: `${product ?? "registry"}.example.com`,
  product,
  addresses: [address],
});
const hosts = [
  host("registry log-in", "ecr.api", "198.51.100.10"),
  host("image layers", "s3", "198.51.101.10"),
];
const endpoint = (product: string, change: object = {}) => ({
  id: `vpce-${product}`,
  service: `com.amazonaws.us-east-1.${product}`,
  type: "interface",
  state: "available",
  privateDns: true,
  subnets: ["subnet-e"],
  groups: ["sg-endpoint"],
  interfaces: ["eni-e"],
  addresses: ["10.0.9.7"],
  ...change,
});
const reached = (...endpoints: object[]) => ({
  endpoints,
  groups: [
    {
      id: "sg-endpoint",
      name: "endpoints",
      ingress: [rule(443, { cidrs: ["10.0.1.0/24"] })],
      egress: [],
    },
  ],
  acls: [acl("subnet-e", open)],
});
const toLayers = (via: string | null, state = "active"): readonly RouteTable[] =>
  routes(via).map((table) => ({
    ...table,
    routes: [...table.routes, { destination: "pl-s3", via: "vpce-s3", state }],
  }));

describe("network/start-reach", () => {
  const facts = (change: object = {}) => ({
    service: service({ running: 0 }),
    hosts,
    endpoints: reached(),
    groups: groups(),
    routes: routes("nat-1"),
    ranges,
    acls: [acl("subnet-a", open)],
    lists: {},
    routeLists: { "pl-s3": ["198.51.101.0/24"] },
    dns: { vpc: "vpc-1", support: true, hostnames: true },
    ...change,
  });
  const inPrivate = (change: object = {}) => facts({ routes: toLayers(null), ...change });
  it.each([
    ["reachable", "NAT", facts()],
    [
      "reachable",
      "no NAT, an interface endpoint and a gateway endpoint",
      inPrivate({ endpoints: reached(endpoint("ecr.api")) }),
    ],
    ["no-way", "no NAT and no endpoint", inPrivate()],
    ["no-way", "NAT is gone", facts({ routes: routes("nat-1", "blackhole") })],
    [
      "no-way",
      "no gateway endpoint",
      facts({ routes: routes(null), endpoints: reached(endpoint("ecr.api")) }),
    ],
    [
      "no-way",
      "an endpoint without private DNS takes nothing over",
      inPrivate({ endpoints: reached(endpoint("ecr.api", { privateDns: false })) }),
    ],
    [
      "no-way",
      "an endpoint that is not there yet",
      inPrivate({ endpoints: reached(endpoint("ecr.api", { state: "pending" })) }),
    ],
    [
      "no-way",
      "private names are off",
      inPrivate({
        endpoints: reached(endpoint("ecr.api")),
        dns: { vpc: "vpc-1", support: true, hostnames: false },
      }),
    ],
    [
      "blocked",
      "the endpoint's group, although there is NAT",
      facts({
        endpoints: {
          ...reached(endpoint("ecr.api")),
          groups: [{ id: "sg-endpoint", name: "e", ingress: [], egress: [] }],
        },
      }),
    ],
    [
      "blocked",
      "the ACL of the endpoint's subnet",
      facts({
        endpoints: {
          ...reached(endpoint("ecr.api")),
          acls: [acl("subnet-e", [entry(false, 90, 443, 443, false), ...open])],
        },
      }),
    ],
    ["blocked", "the tasks' group", facts({ groups: groups({ egress: [] }) })],
    [
      "blocked",
      "the tasks' ACL drops answers",
      facts({ acls: [acl("subnet-a", [entry(false, 90, 32_768, 65_535, false), ...open])] }),
    ],
    ["next-start-fails", "every task runs", inPrivate({ service: service() })],
    [
      "reachable",
      "a public address and an internet gateway",
      facts({
        routes: routes("igw-1"),
        service: service({
          running: 0,
          network: { subnets: ["subnet-a"], securityGroups: ["sg-task"], publicIp: true },
        }),
      }),
    ],
    ["not run", "the host pulls images", facts({ service: service({ launchType: "EC2" }) })],
    ["not run", "no service", facts({ service: null })],
    [
      "not run",
      "no name resolves at all",
      facts({ dns: { vpc: "vpc-1", support: false, hostnames: true } }),
    ],
    ["lacks acls", "ACLs were not read", facts({ acls: undefined })],
    ["lacks dns", "settings of DNS were not read", facts({ dns: undefined })],
    [
      "lacks routeLists",
      "lists were not read",
      inPrivate({ hosts: [hosts[1]], routeLists: undefined }),
    ],
    [
      "no-way",
      "blocked whatever else was not read",
      facts({ routes: routes(null), acls: undefined }),
    ],
  ])("%s: %s", (outcome, _why, value) => {
    expect(judged(startReach, value)).toBe(outcome);
  });

  it.each([
    [
      "subnet-a -> ecr.api.example.com:443 without an endpoint for ecr.api is blocked: rtb-1: no route to 198.51.100.10",
      inPrivate(),
    ],
    [
      "subnet-a -> ecr.api.example.com:443 through vpce-ecr.api is blocked: sg-endpoint ingress: nothing allows TCP 443 from a task in subnet-a; it is open for 10.0.8.0/24",
      facts({
        endpoints: {
          ...reached(endpoint("ecr.api")),
          groups: [
            {
              id: "sg-endpoint",
              name: "e",
              ingress: [rule(443, { cidrs: ["10.0.8.0/24"] })],
              egress: [],
            },
          ],
        },
      }),
    ],
  ])("%s", (summary, value) => {
    expect(summaryOf(startReach, value)).toBe(summary);
  });
});

describe("network/free-addresses", () => {
  const two = { subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-task"], publicIp: false };
  const known = (a: number | null, b: number | null) =>
    [
      ["subnet-a", a],
      ["subnet-b", b],
      ["subnet-p", 0],
    ].map(([id, freeAddresses]) => ({ id, vpc: "vpc-1", cidr: null, zone: null, freeAddresses }));
  it.each([
    ["enough", "whatever the load balancer's subnets have", 2, known(3, 200)],
    ["next-start-fails", "one is full", 2, known(0, 200)],
    ["next-start-fails", "one is full and tasks are lacking", 1, known(0, 200)],
    ["next-start-fails", "all are full and every task runs", 2, known(0, 0)],
    ["none-left", "all are full and tasks are lacking", 1, known(0, 0)],
    ["not run", "AWS does not say", 2, known(null, null)],
  ])("%s: %s", (outcome, _why, running, subnets) => {
    expect(judged(freeAddresses, { service: service({ running, network: two }), subnets })).toBe(
      outcome,
    );
  });
});

describe("network/vpc-dns", () => {
  it.each([
    ["on", true, true],
    ["off", false, true],
    ["off", false, false],
    ["private-names-off", true, false],
  ])("%s", (outcome, support, hostnames) => {
    expect(judged(vpcNames, { dns: { vpc: "vpc-1", support, hostnames } })).toBe(outcome);
  });
});
