import { listenerArns, targetGroupArns } from "../world/initial/balancers.ts";
import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

const ruleArn = `${listenerArns.mainHttps.replace(":listener/", ":listener-rule/")}/5d7c0a11be3f9001`;

export const loadBalancerMisconfigured: Fault = {
  id: "load-balancer-misconfigured",
  title: "A new listener rule sends /api/v1 to a target group without targets",
  system: "ALB",
  apply: (world) => {
    if (world.elb.rules.some((rule) => rule.arn === ruleArn)) return;
    world.elb.rules.push({
      arn: ruleArn,
      listenerArn: listenerArns.mainHttps,
      priority: 15,
      conditions: [
        { field: "host-header", values: ["api.hokus.ai"] },
        { field: "path-pattern", values: ["/api/v1/*"] },
      ],
      actions: [
        {
          type: "forward",
          order: 1,
          targetGroups: [{ targetGroupArn: targetGroupArns.legacy, weight: 1 }],
        },
      ],
    });
    appendTrail(world, {
      eventName: "CreateRule",
      eventSource: "elasticloadbalancing.amazonaws.com",
      username: "platform-admin",
      resources: [
        { resourceType: "AWS::ElasticLoadBalancingV2::ListenerRule", resourceName: ruleArn },
      ],
      requestParameters: { listenerArn: listenerArns.mainHttps, priority: 15 },
    });
  },
  heal: (world) => {
    world.elb.rules = world.elb.rules.filter((rule) => rule.arn !== ruleArn);
  },
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
