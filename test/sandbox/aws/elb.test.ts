import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  paginateDescribeRules,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Listener, LoadBalancer, TargetGroup } from "../../../src/sandbox/world/state.ts";
import { startBench } from "./start.ts";
import type { Bench } from "./start.ts";

let bench: Bench;
let balancer: LoadBalancer;
let https: Listener;
let group: TargetGroup;

const need = <One>(one: One | undefined): One => {
  if (one === undefined) throw new Error("the world lacks what this test needs");
  return one;
};

beforeAll(async () => {
  bench = await startBench((state) => {
    const { elb } = state;
    balancer = need(elb.loadBalancers.find((one) => one.name === "hokusai-main-development"));
    https = need(
      elb.listeners.find((one) => one.loadBalancerArn === balancer.arn && one.port === 443),
    );
    group = need(elb.targetGroups.find((one) => one.name === "hokusai-api-development"));
    elb.rules.push({
      arn: `${https.arn.replace(":listener/", ":listener-rule/")}/every-condition`,
      listenerArn: https.arn,
      priority: 7,
      conditions: [
        { field: "http-request-method", values: ["POST", "GET"] },
        { field: "http-header", headerName: "X-Canary", values: ["yes & <no>"] },
        { field: "query-string", values: [{ key: "v", value: "1" }, { value: "bare" }] },
        { field: "source-ip", values: ["198.51.100.0/24"] },
      ],
      actions: [
        {
          type: "forward",
          order: 1,
          targetGroups: [
            { targetGroupArn: group.arn, weight: 0 },
            { targetGroupArn: need(elb.targetGroups[1]).arn, weight: 100 },
          ],
        },
      ],
    });
    elb.targets.push({
      targetGroupArn: group.arn,
      id: "10.0.4.250",
      port: 9001,
      availabilityZone: "us-east-1a",
      state: "unhealthy",
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [404]",
      registeredAt: state.now(),
    });
  });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

describe("load balancers", () => {
  it("describes one by name", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeLoadBalancersCommand({ Names: [balancer.name] }),
    );
    expect(answer.LoadBalancers).toMatchObject([
      {
        LoadBalancerArn: balancer.arn,
        DNSName: balancer.dnsName,
        Scheme: "internet-facing",
        State: { Code: "active" },
        SecurityGroups: balancer.securityGroups,
        AvailabilityZones: balancer.availabilityZones.map(({ zoneName, subnetId }) => ({
          ZoneName: zoneName,
          SubnetId: subnetId,
        })),
      },
    ]);
    expect(answer.LoadBalancers?.[0]?.CreatedTime).toEqual(new Date(balancer.createdAt));
  });

  it("pages", async () => {
    const first = await bench.clients.elb.send(new DescribeLoadBalancersCommand({ PageSize: 2 }));
    const second = await bench.clients.elb.send(
      new DescribeLoadBalancersCommand({ PageSize: 2, Marker: first.NextMarker }),
    );
    const names = [first, second].flatMap((page) =>
      (page.LoadBalancers ?? []).map((one) => one.LoadBalancerName),
    );
    expect(names).toEqual(bench.state.elb.loadBalancers.map((one) => one.name));
    expect(second.NextMarker).toBeUndefined();
  });

  it("gives the attributes", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: balancer.arn }),
    );
    expect(answer.Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "60" });
  });

  it.each([
    {
      name: "load balancer",
      error: "LoadBalancerNotFoundException",
      send: () => new DescribeLoadBalancersCommand({ Names: ["nobody"] }),
    },
    {
      name: "target group",
      error: "TargetGroupNotFoundException",
      send: () => new DescribeTargetGroupsCommand({ Names: ["nobody"] }),
    },
    {
      name: "listener",
      error: "ListenerNotFoundException",
      send: () => new DescribeListenersCommand({ ListenerArns: ["arn:nobody"] }),
    },
    {
      name: "rule",
      error: "RuleNotFoundException",
      send: () => new DescribeRulesCommand({ RuleArns: ["arn:nobody"] }),
    },
  ])("a missing $name has an error of its own", async ({ send, error }) => {
    const call = bench.clients.elb.send(send());
    await expect(call).rejects.toMatchObject({ name: error });
  });
});

describe("listeners and rules", () => {
  it("describes listeners with certificate and default actions", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer.arn }),
    );
    const [secure, plain] = [443, 80].map((port) =>
      answer.Listeners?.find((one) => one.Port === port),
    );
    expect(secure).toMatchObject({
      Protocol: "HTTPS",
      Certificates: [{ CertificateArn: https.certificateArn }],
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    });
    expect(plain?.DefaultActions).toMatchObject([
      { Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTPS" } },
    ]);
  });

  it("describes rules by priority, the default last", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeRulesCommand({ ListenerArn: https.arn }),
    );
    expect(answer.Rules?.map((one) => one.Priority)).toEqual(["7", "10", "20", "default"]);
    expect(answer.Rules?.map((one) => one.IsDefault)).toEqual([false, false, false, true]);
    expect(answer.Rules?.[1]).toMatchObject({
      Conditions: [
        { Field: "host-header", HostHeaderConfig: { Values: ["api.hokus.ai"] } },
        { Field: "path-pattern", Values: ["/api/v0/*"] },
      ],
    });
    expect(answer.Rules?.[2]?.Actions?.[0]).toMatchObject({
      Type: "forward",
      TargetGroupArn: group.arn,
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: group.arn, Weight: 1 }] },
    });
  });

  it("writes regular expressions, log-ins and rewrites", async () => {
    const rule = need(bench.state.elb.rules.find((one) => one.priority === 20));
    const before = structuredClone(rule);
    const session = {
      sessionCookieName: "AWSELBAuthSessionCookie",
      scope: "openid",
      sessionTimeout: 604_800,
    };
    rule.conditions = [
      { field: "path-pattern", values: [], regexValues: ["^/api/v[0-9]+/<x>"] },
      { field: "host-header", values: [], regexValues: ["^api\\."] },
      { field: "http-header", headerName: "X-Tier", values: [], regexValues: ["^g"] },
    ];
    rule.actions = [
      {
        type: "authenticate-oidc",
        order: 1,
        issuer: "https://login.example.com",
        authorizationEndpoint: "https://login.example.com/authorize",
        tokenEndpoint: "https://login.example.com/token",
        userInfoEndpoint: "https://login.example.com/userinfo",
        clientId: "tools",
        onUnauthenticatedRequest: "deny",
        ...session,
      },
      {
        type: "authenticate-cognito",
        order: 2,
        userPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a",
        userPoolClientId: "client",
        userPoolDomain: "hokusai",
        onUnauthenticatedRequest: "allow",
        ...session,
      },
      ...before.actions,
    ];
    rule.transforms = [
      { type: "host-header-rewrite", rewrites: [{ regex: "^api", replace: "www" }] },
      { type: "url-rewrite", rewrites: [{ regex: "^/a&b/(.*)$", replace: "/$1" }] },
    ];
    const answer = await bench.clients.elb.send(new DescribeRulesCommand({ RuleArns: [rule.arn] }));
    Object.assign(rule, before);
    delete rule.transforms;
    expect(answer.Rules?.[0]).toMatchObject({
      Conditions: [
        { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/api/v[0-9]+/<x>"] } },
        { Field: "host-header", HostHeaderConfig: { RegexValues: ["^api\\."] } },
        { HttpHeaderConfig: { HttpHeaderName: "X-Tier", RegexValues: ["^g"] } },
      ],
      Actions: [
        {
          Type: "authenticate-oidc",
          Order: 1,
          AuthenticateOidcConfig: {
            AuthorizationEndpoint: "https://login.example.com/authorize",
            ClientId: "tools",
            SessionTimeout: 604_800,
            OnUnauthenticatedRequest: "deny",
          },
        },
        {
          Type: "authenticate-cognito",
          AuthenticateCognitoConfig: {
            UserPoolDomain: "hokusai",
            OnUnauthenticatedRequest: "allow",
          },
        },
        { Type: "forward" },
      ],
      Transforms: [
        {
          Type: "host-header-rewrite",
          HostHeaderRewriteConfig: { Rewrites: [{ Regex: "^api", Replace: "www" }] },
        },
        {
          Type: "url-rewrite",
          UrlRewriteConfig: { Rewrites: [{ Regex: "^/a&b/(.*)$", Replace: "/$1" }] },
        },
      ],
    });
    expect(answer.Rules?.[0]?.Actions?.[0]?.AuthenticateOidcConfig?.ClientSecret).toBeUndefined();
    expect(answer.Rules?.[0]?.Conditions?.[0]?.Values).toEqual(undefined);
  });

  it("writes every kind of condition and a weighted forward", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeRulesCommand({ ListenerArn: https.arn }),
    );
    const rule = answer.Rules?.[0];
    expect(rule?.Conditions).toMatchObject([
      { HttpRequestMethodConfig: { Values: ["POST", "GET"] } },
      { HttpHeaderConfig: { HttpHeaderName: "X-Canary", Values: ["yes & <no>"] } },
      { QueryStringConfig: { Values: [{ Key: "v", Value: "1" }, { Value: "bare" }] } },
      { SourceIpConfig: { Values: ["198.51.100.0/24"] } },
    ]);
    expect(rule?.Actions?.[0]?.TargetGroupArn).toBeUndefined();
    expect(rule?.Actions?.[0]?.ForwardConfig?.TargetGroups?.map((one) => one.Weight)).toEqual([
      0, 100,
    ]);
  });

  it("pages through rules", async () => {
    const priorities: (string | undefined)[] = [];
    const paging = paginateDescribeRules(
      { client: bench.clients.elb, pageSize: 2 },
      { ListenerArn: https.arn },
    );
    for await (const page of paging) {
      priorities.push(...(page.Rules ?? []).map((one) => one.Priority));
    }
    expect(priorities).toEqual(["7", "10", "20", "default"]);
  });
});

describe("target groups", () => {
  it("describes the health check and which load balancers use the group", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [group.arn] }),
    );
    expect(answer.TargetGroups).toMatchObject([
      {
        TargetGroupName: "hokusai-api-development",
        Port: 8001,
        TargetType: "ip",
        HealthCheckPath: "/health",
        HealthCheckPort: "traffic-port",
        HealthCheckEnabled: true,
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [balancer.arn],
      },
    ]);
  });

  it("finds the groups of a load balancer through its rules", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer.arn }),
    );
    expect(answer.TargetGroups?.map((one) => one.TargetGroupName)).toEqual([
      "hokusai-api-development",
      "hokusai-api-legacy",
    ]);
  });

  it("gives health with reason, and the port that is really checked", async () => {
    const answer = await bench.clients.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group.arn }),
    );
    const sick = answer.TargetHealthDescriptions?.find((one) => one.Target?.Id === "10.0.4.250");
    expect(sick).toMatchObject({
      Target: { Port: 9001, AvailabilityZone: "us-east-1a" },
      HealthCheckPort: "9001",
      TargetHealth: {
        State: "unhealthy",
        Reason: "Target.ResponseCodeMismatch",
        Description: "Health checks failed with these codes: [404]",
      },
    });
    const healthy = answer.TargetHealthDescriptions?.filter(
      (one) => one.TargetHealth?.State === "healthy",
    );
    expect(healthy?.length).toBe(
      bench.state.elb.targets.filter(
        (one) => one.targetGroupArn === group.arn && one.state === "healthy",
      ).length,
    );
    expect(healthy?.[0]?.TargetHealth?.Reason).toBeUndefined();
  });

  it("answers an empty group with an empty list, and an unknown target as not registered", async () => {
    const { elb } = bench.clients;
    const legacy = need(bench.state.elb.targetGroups.find((one) => one.name.endsWith("legacy")));
    const none = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: legacy.arn }));
    expect(none.TargetHealthDescriptions).toEqual([]);
    const asked = await elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group.arn, Targets: [{ Id: "10.9.9.9" }] }),
    );
    expect(asked.TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({
      State: "unused",
      Reason: "Target.NotRegistered",
    });
  });

  it("gives attributes and tags", async () => {
    const { elb } = bench.clients;
    const attributes = await elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group.arn }),
    );
    expect(attributes.Attributes).toContainEqual({
      Key: "deregistration_delay.timeout_seconds",
      Value: "30",
    });
    const tags = await elb.send(new DescribeTagsCommand({ ResourceArns: [group.arn] }));
    expect(tags.TagDescriptions).toEqual([{ ResourceArn: group.arn, Tags: [] }]);
  });
});
