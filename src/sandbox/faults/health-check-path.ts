import { targetGroupArns } from "../world/initial/balancers.ts";
import { appendTrail } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const healthCheckPath: Fault = {
  id: "health-check-path",
  title: "The target group's health check asks a path that the API does not serve",
  system: "ALB",
  ...undoable((world) => {
    const group = world.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
    if (group === undefined) return null;
    const { healthCheckPath: before } = group;
    group.healthCheckPath = "/api/health/live";
    appendTrail(world, {
      eventName: "ModifyTargetGroup",
      eventSource: "elasticloadbalancing.amazonaws.com",
      username: "platform-admin",
      resources: [
        { resourceType: "AWS::ElasticLoadBalancingV2::TargetGroup", resourceName: group.arn },
      ],
      requestParameters: { targetGroupArn: group.arn, healthCheckPath: group.healthCheckPath },
    });
    return () => void (group.healthCheckPath = before);
  }),
  report: timeoutReport,
};
