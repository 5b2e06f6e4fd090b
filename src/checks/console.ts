import type { Target } from "#core/target.ts";
import { unknownServices } from "#facts/dependency-deployments.ts";

/** Pages of the AWS console, for "show me the same thing there". */
const at = (target: Target, product: string, rest: string): string => {
  const { region } = target.service.environment;
  const place = rest === "" ? "" : `#${rest}`;
  return `https://${region}.console.aws.amazon.com/${product}?region=${region}${place}`;
};

export const ecsConsole = (
  target: Target,
  tab: "health" | "tasks" | "events" | "deployments",
): string => {
  const { region } = target.service.environment;
  const { cluster, service } = target.service.ecs;
  return `https://${region}.console.aws.amazon.com/ecs/v2/clusters/${cluster}/services/${service}/${tab}?region=${region}`;
};

/** Of the first dependency whose service the catalogue names; the API's own where it names none. */
export const dependencyConsole = (target: Target): string => {
  const { cluster, service } = unknownServices(target)[0] ?? target.service.ecs;
  const ecs = { ...target.service.ecs, cluster, service };
  return ecsConsole({ ...target, service: { ...target.service, ecs } }, "deployments");
};

/** The console wants the group's name encoded twice, with $ for %. */
export const logsConsole = (target: Target): string =>
  at(
    target,
    "cloudwatch/home",
    `logsV2:log-groups/log-group/${encodeURIComponent(encodeURIComponent(target.service.logs.group)).replaceAll("%", "$")}`,
  );

export const loadBalancerConsole = (target: Target): string =>
  at(target, "ec2/home", `LoadBalancers:search=${target.service.loadBalancers[0] ?? ""}`);

export const targetGroupConsole = (target: Target): string =>
  at(target, "ec2/home", "TargetGroups:");

export const securityGroupConsole = (target: Target): string =>
  at(target, "ec2/home", "SecurityGroups:");

export const vpcConsole = (target: Target, page: "Endpoints" | "subnets" | "vpcs"): string =>
  at(target, "vpcconsole/home", `${page}:`);

export const discoveryConsole = (target: Target): string =>
  at(target, "cloudmap/home/namespaces", "");

export const trailConsole = (target: Target): string =>
  at(target, "cloudtrailv2/home", "/events?ReadOnly=false");
