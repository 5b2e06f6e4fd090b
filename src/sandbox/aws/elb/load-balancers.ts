import type { Listener, LoadBalancer, Rule, WorldState } from "../../world/state.ts";
import { optionalText, requiredText, textList, toDate } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError, invalidInput } from "../error.ts";
import { toAction, toRule } from "./actions.ts";
import { pageOf, selected, toAttributes } from "./lookup.ts";

export const loadBalancerOperations: Operations = {
  DescribeLoadBalancers: (call) => {
    const found = selected(call.state.elb.loadBalancers, {
      arns: textList(call, "LoadBalancerArns", 20),
      names: textList(call, "Names", 20),
      missing: new AwsError("LoadBalancerNotFound", "One or more load balancers not found"),
    });
    const page = pageOf(call, found);
    return { LoadBalancers: page.items.map(toLoadBalancer), NextMarker: page.next };
  },

  DescribeLoadBalancerAttributes: (call) => ({
    Attributes: toAttributes(
      loadBalancerOf(call, requiredText(call, "LoadBalancerArn")).attributes,
    ),
  }),

  DescribeListeners: (call) => {
    const loadBalancerArn = optionalText(call, "LoadBalancerArn");
    const arns = textList(call, "ListenerArns");
    if (loadBalancerArn === undefined && arns.length === 0) {
      throw invalidInput(call.api, "You must specify either listener ARNs or a load balancer ARN");
    }
    if (loadBalancerArn !== undefined) loadBalancerOf(call, loadBalancerArn);
    const found = selected(call.state.elb.listeners, { arns, names: [], missing: noListener() });
    const page = pageOf(
      call,
      found.filter(
        (one) => loadBalancerArn === undefined || one.loadBalancerArn === loadBalancerArn,
      ),
    );
    return {
      Listeners: page.items.map((one) => toListener(call.state, one)),
      NextMarker: page.next,
    };
  },

  DescribeRules: (call) => {
    const listenerArn = optionalText(call, "ListenerArn");
    const arns = textList(call, "RuleArns");
    if (listenerArn === undefined && arns.length === 0) {
      throw invalidInput(call.api, "You must specify either rule ARNs or a listener ARN");
    }
    const { listeners, rules } = call.state.elb;
    if (listenerArn !== undefined && !listeners.some((one) => one.arn === listenerArn)) {
      throw noListener();
    }
    const found = selected(rules, {
      arns,
      names: [],
      missing: new AwsError("RuleNotFound", "One or more rules not found"),
    })
      .filter((one) => listenerArn === undefined || one.listenerArn === listenerArn)
      .toSorted((left, right) => positionOf(left) - positionOf(right));
    const page = pageOf(call, found);
    return { Rules: page.items.map(toRule), NextMarker: page.next };
  },
};

const noListener = (): AwsError =>
  new AwsError("ListenerNotFound", "One or more listeners not found");

const positionOf = (rule: Rule): number => rule.priority ?? Infinity;

const loadBalancerOf = (call: AwsCall, arn: string): LoadBalancer => {
  const found = call.state.elb.loadBalancers.find((one) => one.arn === arn);
  if (found !== undefined) return found;
  throw new AwsError("LoadBalancerNotFound", `Load balancer '${arn}' not found`);
};

const toLoadBalancer = (one: LoadBalancer) => ({
  LoadBalancerArn: one.arn,
  DNSName: one.dnsName,
  CanonicalHostedZoneId: one.canonicalHostedZoneId,
  CreatedTime: toDate(one.createdAt),
  LoadBalancerName: one.name,
  Scheme: one.scheme,
  VpcId: one.vpcId,
  State: { Code: one.state },
  Type: one.type,
  AvailabilityZones: one.availabilityZones.map((zone) => ({
    ZoneName: zone.zoneName,
    SubnetId: zone.subnetId,
    LoadBalancerAddresses: [],
  })),
  SecurityGroups: one.securityGroups,
  IpAddressType: "ipv4",
});

const toListener = (state: WorldState, one: Listener) => ({
  ListenerArn: one.arn,
  LoadBalancerArn: one.loadBalancerArn,
  Port: one.port,
  Protocol: one.protocol,
  Certificates:
    one.certificateArn === undefined ? undefined : [{ CertificateArn: one.certificateArn }],
  SslPolicy: one.sslPolicy,
  // What the API calls default actions are the actions of the listener's default rule.
  DefaultActions: state.elb.rules
    .filter((rule) => rule.listenerArn === one.arn && rule.priority === null)
    .flatMap((rule) => rule.actions.map(toAction)),
});
