import { listenerArns } from "../world/initial/balancers.ts";
import { apiRule, newRuleArn, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleSourceAddress: Fault = {
  id: "rule-source-address",
  title:
    "The API's rule takes internal addresses only, and the next one answers 403 to everybody else",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    const { conditions } = rule;
    const arn = newRuleArn("5d7c0a11be3f9011");
    rule.conditions = [
      ...conditions,
      { field: "source-ip", values: ["10.0.0.0/8", "192.168.0.0/16"] },
    ];
    world.elb.rules.push({
      arn,
      listenerArn: listenerArns.mainHttps,
      priority: 30,
      conditions: [...conditions],
      actions: [
        {
          type: "fixed-response",
          order: 1,
          statusCode: "403",
          contentType: "text/plain",
          messageBody: "Access denied",
        },
      ],
    });
    trailOfBalancer(world, "ModifyRule", "ListenerRule", rule.arn);
    trailOfBalancer(world, "CreateRule", "ListenerRule", arn, { priority: 30 });
    return () => {
      rule.conditions = conditions;
      world.elb.rules = world.elb.rules.filter((one) => one.arn !== arn);
    };
  }),
  report: { symptom: "403", url: predictUrl, method: "POST", minutesAgo: 20 },
};
