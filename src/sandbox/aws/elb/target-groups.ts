import type { Target, TargetGroup, WorldState } from "../../world/state.ts";
import { optionalText, requiredText, structures, textList } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { pageOf, selected, toAttributes } from "./lookup.ts";

export const targetGroupOperations: Operations = {
  DescribeTargetGroups: (call) => {
    const loadBalancerArn = optionalText(call, "LoadBalancerArn");
    if (
      loadBalancerArn !== undefined &&
      !call.state.elb.loadBalancers.some((one) => one.arn === loadBalancerArn)
    ) {
      throw new AwsError("LoadBalancerNotFound", `Load balancer '${loadBalancerArn}' not found`);
    }
    const found = selected(call.state.elb.targetGroups, {
      arns: textList(call, "TargetGroupArns"),
      names: textList(call, "Names"),
      missing: new AwsError("TargetGroupNotFound", "One or more target groups not found"),
    })
      .map((one) => ({ one, users: loadBalancersUsing(call.state, one.arn) }))
      .filter(({ users }) => loadBalancerArn === undefined || users.includes(loadBalancerArn));
    const page = pageOf(call, found);
    return {
      TargetGroups: page.items.map(({ one, users }) => toTargetGroup(one, users)),
      NextMarker: page.next,
    };
  },

  DescribeTargetGroupAttributes: (call) => ({
    Attributes: toAttributes(targetGroupOf(call).attributes),
  }),

  DescribeTargetHealth: (call) => {
    const group = targetGroupOf(call);
    const registered = call.state.elb.targets.filter((one) => one.targetGroupArn === group.arn);
    const wanted = structures(call, "Targets");
    if (wanted.length === 0) {
      return { TargetHealthDescriptions: registered.map((one) => toHealth(group, one)) };
    }
    return {
      TargetHealthDescriptions: wanted.map(({ Id, Port }) => {
        const port = Port === undefined ? undefined : Number(Port);
        const target = registered.find(
          (one) => one.id === Id && (port === undefined || one.port === port),
        );
        return target === undefined
          ? unregistered(String(Id), port ?? group.port)
          : toHealth(group, target);
      }),
    };
  },

  DescribeTags: (call) => {
    const { loadBalancers, listeners, rules, targetGroups } = call.state.elb;
    const known = [...loadBalancers, ...listeners, ...rules, ...targetGroups];
    const arns = textList(call, "ResourceArns", 20);
    const absent = arns.find((arn) => !known.some((one) => one.arn === arn));
    if (absent !== undefined) {
      const code = absent.includes(":targetgroup/")
        ? "TargetGroupNotFound"
        : "LoadBalancerNotFound";
      throw new AwsError(code, `Resource '${absent}' not found`);
    }
    return { TagDescriptions: arns.map((ResourceArn) => ({ ResourceArn, Tags: [] })) };
  },
};

const targetGroupOf = (call: AwsCall): TargetGroup => {
  const arn = requiredText(call, "TargetGroupArn");
  const group = call.state.elb.targetGroups.find((one) => one.arn === arn);
  if (group === undefined) {
    throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
  }
  return group;
};

/** A load balancer uses a group when any rule of its listeners may forward there, at any weight. */
const loadBalancersUsing = (state: WorldState, groupArn: string): string[] => {
  const listenerArns = new Set(
    state.elb.rules
      .filter((rule) =>
        rule.actions.some(
          (action) =>
            action.type === "forward" &&
            action.targetGroups.some((one) => one.targetGroupArn === groupArn),
        ),
      )
      .map((rule) => rule.listenerArn),
  );
  const arns = state.elb.listeners
    .filter((one) => listenerArns.has(one.arn))
    .map((one) => one.loadBalancerArn);
  return [...new Set(arns)];
};

const toTargetGroup = (one: TargetGroup, loadBalancerArns: string[]) => ({
  TargetGroupArn: one.arn,
  TargetGroupName: one.name,
  Protocol: one.protocol,
  Port: one.port,
  VpcId: one.vpcId,
  HealthCheckProtocol: one.healthCheckProtocol,
  HealthCheckPort: one.healthCheckPort,
  HealthCheckEnabled: one.healthCheckEnabled,
  HealthCheckIntervalSeconds: one.healthCheckIntervalSeconds,
  HealthCheckTimeoutSeconds: one.healthCheckTimeoutSeconds,
  HealthyThresholdCount: one.healthyThresholdCount,
  UnhealthyThresholdCount: one.unhealthyThresholdCount,
  HealthCheckPath: one.healthCheckPath,
  Matcher: { HttpCode: one.matcher },
  LoadBalancerArns: loadBalancerArns,
  TargetType: one.targetType,
  ProtocolVersion: "HTTP1",
  IpAddressType: "ipv4",
});

const toHealth = (group: TargetGroup, target: Target) => ({
  Target: { Id: target.id, Port: target.port, AvailabilityZone: target.availabilityZone },
  HealthCheckPort:
    group.healthCheckPort === "traffic-port" ? String(target.port) : group.healthCheckPort,
  TargetHealth: {
    State: target.state,
    Reason: target.reason,
    Description: target.description,
  },
});

const unregistered = (id: string, port: number) => ({
  Target: { Id: id, Port: port },
  TargetHealth: {
    State: "unused",
    Reason: "Target.NotRegistered",
    Description: "Target is not registered to the target group",
  },
});
