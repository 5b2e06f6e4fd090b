import { describe, expect, it } from "vitest";
import { chain } from "#checks/identity/chain.ts";
import {
  balancer,
  groupArn,
  groupHealth,
  health,
  judged,
  resolved,
  service,
  summaryOf,
  task,
} from "../samples.ts";

const forward = (name: string) => ({
  arn: "r",
  priority: null,
  conditions: [],
  actions: [
    {
      type: "forward",
      order: 1,
      targetGroups: [{ arn: groupArn(name), weight: 1 }],
      answer: null,
      unauthenticated: null,
    },
  ],
  transforms: [],
});
const canary = {
  ...forward("web"),
  priority: 1,
  conditions: [
    { field: "http-header", values: ["true"], header: "X-Canary", query: [], regexes: [] },
  ],
};
const gated = {
  ...forward("api"),
  actions: [
    {
      type: "authenticate-oidc",
      order: 1,
      targetGroups: [],
      answer: "https://login.example.com",
      unauthenticated: "authenticate",
    },
    ...forward("api").actions,
  ],
};
const main = balancer();
const second = balancer({ name: "second" });
const listening = (name: string, group: string, before: readonly object[] = []) => ({
  loadBalancer: name,
  listeners: [{ arn: name, port: 443, protocol: "HTTPS", rules: [...before, forward(group)] }],
});

const facts = (change: object = {}) => ({
  names: [resolved([main.dnsName], ["203.0.113.1"])],
  addresses: [
    { name: "main", dnsName: main.dnsName, addresses: ["203.0.113.1"], problem: null },
    { name: "second", dnsName: second.dnsName, addresses: ["203.0.113.2"], problem: null },
  ],
  balancers: [
    { name: "main", found: main },
    { name: "second", found: second },
  ],
  rules: [listening("main", "api"), listening("second", "web")],
  health: [groupHealth([health()])],
  tasks: [task()],
  service: service(),
  ...change,
});

describe("identity/chain", () => {
  it.each([
    ["proven", "by the alias", facts()],
    [
      "proven",
      "whatever the case and the last dot of the alias",
      facts({ names: [resolved([`DUALSTACK.${main.dnsName.toUpperCase()}.`], [])] }),
    ],
    [
      "proven",
      "by an address, for an alias record that shows no name",
      facts({ names: [resolved([], ["203.0.113.1"])] }),
    ],
    [
      "proven",
      "through the second load balancer",
      facts({ names: [resolved([second.dnsName], [])], rules: [listening("second", "api")] }),
    ],
    [
      "proven",
      "by the targets, where the service names no group",
      facts({
        service: service({ loadBalancers: [] }),
        health: [groupHealth([health()], "api", false)],
      }),
    ],
    [
      "proven",
      "scaled to zero: linked all the same",
      facts({ tasks: [], health: [groupHealth([])] }),
    ],
    [
      "dns-elsewhere",
      "another load balancer",
      facts({ names: [resolved(["old-9.us-east-1.elb.amazonaws.com"], ["203.0.113.77"])] }),
    ],
    [
      "route-elsewhere",
      "the rule leads to another group",
      facts({ rules: [listening("main", "web")] }),
    ],
    [
      "dns-elsewhere",
      "through the second, which serves something else, while the first would serve it",
      facts({ names: [resolved([second.dnsName], [])] }),
    ],
    ["route-elsewhere", "nothing listens", facts({ rules: [] })],
    ["service-unlinked", "no service, and others at work there", facts({ service: null })],
    [
      "not run",
      "no service, and nobody is registered where the rule leads",
      facts({
        service: null,
        tasks: [],
        health: [groupHealth([health("draining")], "api", false)],
      }),
    ],
    ["other-account", "as STS says", facts({ identity: { account: "999999999999" } })],
    [
      "other-account",
      "as STS says, where nothing was found",
      facts({
        identity: { account: "999999999999" },
        service: null,
        balancers: [{ name: "main", found: null }],
      }),
    ],
    [
      "other-account",
      "as the service says of itself, without STS",
      facts({ service: service({ arn: "arn:aws:ecs:us-east-1:999999999999:service/main/api" }) }),
    ],
    [
      "other-account",
      "another region",
      facts({ service: service({ arn: "arn:aws:ecs:eu-west-1:123456789012:service/main/api" }) }),
    ],
    [
      "other-account",
      "another region by the name of the load balancer, where nothing was found",
      facts({
        names: [resolved(["main-1.eu-west-1.elb.amazonaws.com"], [])],
        service: null,
        balancers: [{ name: "main", found: null }],
      }),
    ],
    [
      "proven",
      "a header that our own request does not carry decides nothing",
      facts({ rules: [listening("main", "api", [canary])] }),
    ],
    [
      "route-elsewhere",
      "a log-in stands before the service",
      facts({
        rules: [
          {
            loadBalancer: "main",
            listeners: [{ arn: "main", port: 443, protocol: "HTTPS", rules: [gated] }],
          },
        ],
      }),
    ],
    [
      "service-unlinked",
      "a service without groups",
      facts({
        service: service({ loadBalancers: [] }),
        tasks: [],
        health: [groupHealth([], "api", false)],
      }),
    ],
    [
      "not run",
      "the name does not resolve",
      facts({ names: [resolved([], [], { outcome: "no-such-name", code: "ENOTFOUND" })] }),
    ],
  ])("%s: %s", (outcome, _why, value) => {
    expect(judged(chain, value)).toBe(outcome);
  });

  it("shows each link", () => {
    expect(summaryOf(chain, facts())).toBe(
      "api.example.com -> main -> the default rule: forward to api -> api",
    );
  });
});
