/** What a load balancer counts, in the names of AWS/ApplicationELB. */
import type { WorldState } from "../world/state.ts";
import { recordMetric } from "../world/state.ts";

const namespace = "AWS/ApplicationELB";
/** "app/name/id" of a load balancer, "targetgroup/name/id" of a group: how CloudWatch names them. */
export const balancerDimension = (arn: string): string => arn.split(":loadbalancer/").at(-1) ?? arn;
export const groupDimension = (arn: string): string => arn.split(":").at(-1) ?? arn;

export const countOwn = (state: WorldState, balancerArn: string, metricName: string): void =>
  recordMetric(
    state,
    {
      namespace,
      metricName,
      dimensions: { LoadBalancer: balancerDimension(balancerArn) },
      unit: "Count",
    },
    1,
  );

/** Metrics of a target exist twice: for the load balancer, and for its target group. */
export const countTarget = (
  state: WorldState,
  balancerArn: string,
  groupArn: string,
  metricName: string,
  value = 1,
  unit = "Count",
): void => {
  const LoadBalancer = balancerDimension(balancerArn);
  for (const dimensions of [
    { LoadBalancer },
    { LoadBalancer, TargetGroup: groupDimension(groupArn) },
  ]) {
    recordMetric(state, { namespace, metricName, dimensions, unit }, value);
  }
};

/** Host counts and use of resources, as CloudWatch has them each minute. */
export const sampleMinute = (state: WorldState, at: number): void => {
  for (const group of state.elb.targetGroups) {
    const balancers = balancersOf(state, group.arn);
    const targets = state.elb.targets.filter((one) => one.targetGroupArn === group.arn);
    for (const balancer of balancers) {
      const dimensions = {
        LoadBalancer: balancerDimension(balancer),
        TargetGroup: groupDimension(group.arn),
      };
      const healthy = targets.filter((one) => one.state === "healthy").length;
      const unhealthy = targets.filter((one) => one.state === "unhealthy").length;
      recordMetric(
        state,
        { namespace, metricName: "HealthyHostCount", dimensions, unit: "Count" },
        healthy,
        at,
      );
      recordMetric(
        state,
        { namespace, metricName: "UnHealthyHostCount", dimensions, unit: "Count" },
        unhealthy,
        at,
      );
    }
  }
  for (const service of state.ecs.services) {
    const running = state.ecs.tasks.filter(
      (task) => task.group === `service:${service.name}` && task.lastStatus === "RUNNING",
    );
    if (running.length === 0) continue;
    const dimensions = {
      ClusterName: service.clusterArn.split("/").at(-1) ?? "",
      ServiceName: service.name,
    };
    const wave = 1 + 0.25 * Math.sin(at / 2_700_000);
    const digest = running.at(-1)?.containers[0]?.imageDigest ?? "";
    const program = state.programs.get(digest);
    const usage = program?.kind === "api" ? (program.usage ?? { cpu: 6, memory: 41 }) : null;
    for (const [metricName, value] of [
      ["CPUUtilization", Math.min(100, (usage?.cpu ?? 3) * (usage?.cpu === 6 ? wave : 1))],
      ["MemoryUtilization", Math.min(100, (usage?.memory ?? 28) + wave)],
    ] as const) {
      recordMetric(
        state,
        { namespace: "AWS/ECS", metricName, dimensions, unit: "Percent" },
        value,
        at,
      );
    }
  }
};

/** Load balancers with a rule that forwards to the group. */
export const balancersOf = (state: WorldState, groupArn: string): string[] => {
  const forwarding = state.elb.rules.filter((rule) =>
    rule.actions.some(
      (action) =>
        action.type === "forward" &&
        action.targetGroups.some((one) => one.targetGroupArn === groupArn),
    ),
  );
  const listeners = new Set(forwarding.map((rule) => rule.listenerArn));
  const arns = state.elb.listeners
    .filter((listener) => listeners.has(listener.arn))
    .map((listener) => listener.loadBalancerArn);
  return [...new Set(arns)];
};
