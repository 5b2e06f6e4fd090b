import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancingPort, TargetGroup } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { listed, orNull, senseless, type Call } from "./call.ts";
import {
  toListener,
  toLoadBalancer,
  toRule,
  toTargetGroup,
  toTargetHealth,
} from "./load-balancing-answers.ts";
import { allPages } from "./values.ts";

export interface LoadBalancingSetting {
  readonly client: ElasticLoadBalancingV2Client;
  readonly call: Call;
  readonly redactor: Redactor;
}

const api = "elasticloadbalancing";

export function createLoadBalancingPort({
  client,
  call,
  redactor,
}: LoadBalancingSetting): LoadBalancingPort {
  const groupPage = async (
    input: { LoadBalancerArn: string } | { TargetGroupArns: string[] },
    signal: AbortSignal,
  ): Promise<readonly TargetGroup[]> =>
    allPages(async (Marker) => {
      const action = `${api}:DescribeTargetGroups`;
      const answer = await call(action, signal, (options) =>
        client.send(new DescribeTargetGroupsCommand({ ...input, Marker }), options),
      );
      const items = listed(action, "TargetGroups", answer.TargetGroups).map(toTargetGroup);
      return { items, token: answer.NextMarker };
    });

  return {
    loadBalancer: async (name, signal) => {
      const action = `${api}:DescribeLoadBalancers`;
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(new DescribeLoadBalancersCommand({ Names: [name] }), options),
        ),
        "LoadBalancerNotFound",
        "LoadBalancerNotFoundException",
      );
      if (answer === null) return null;
      const one = listed(action, "LoadBalancers", answer.LoadBalancers).find(
        (item) => item.LoadBalancerName === name,
      );
      return one === undefined ? null : toLoadBalancer(one);
    },
    targetGroups: async (of, signal) => {
      if ("loadBalancer" in of) return groupPage({ LoadBalancerArn: of.loadBalancer }, signal);
      // One by one: a single deleted group would otherwise hide the rest.
      const groups = await Promise.all(
        of.arns.map(async (arn) =>
          orNull(
            groupPage({ TargetGroupArns: [arn] }, signal),
            "TargetGroupNotFound",
            "TargetGroupNotFoundException",
          ),
        ),
      );
      return groups.flatMap((group) => group ?? []);
    },
    targetHealth: async (TargetGroupArn, signal) => {
      const action = `${api}:DescribeTargetHealth`;
      const answer = await call(action, signal, (options) =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options),
      );
      return listed(action, "TargetHealthDescriptions", answer.TargetHealthDescriptions).map(
        (one) => toTargetHealth(one, redactor),
      );
    },
    listeners: async (LoadBalancerArn, signal) =>
      allPages(async (Marker) => {
        const action = `${api}:DescribeListeners`;
        const answer = await call(action, signal, (options) =>
          client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker }), options),
        );
        return {
          items: listed(action, "Listeners", answer.Listeners).map(toListener),
          token: answer.NextMarker,
        };
      }),
    rules: async (ListenerArn, signal) =>
      allPages(async (Marker) => {
        const action = `${api}:DescribeRules`;
        const answer = await call(action, signal, (options) =>
          client.send(new DescribeRulesCommand({ ListenerArn, Marker }), options),
        );
        return {
          items: listed(action, "Rules", answer.Rules).map(toRule),
          token: answer.NextMarker,
        };
      }),
    accessLog: async (LoadBalancerArn, signal) => {
      const action = `${api}:DescribeLoadBalancerAttributes`;
      const answer = await call(action, signal, (options) =>
        client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }), options),
      );
      const attributes = new Map(
        listed(action, "Attributes", answer.Attributes).map(({ Key, Value }) => [Key, Value]),
      );
      if (attributes.get("access_logs.s3.enabled") !== "true") return null;
      const bucket = attributes.get("access_logs.s3.bucket") ?? "";
      if (bucket === "") throw senseless(action, "the access log is on, and no bucket is named");
      const prefix = attributes.get("access_logs.s3.prefix") ?? "";
      return { bucket, prefix: prefix.replace(/\/+$/u, "") };
    },
  };
}
