import { targetGroupArns } from "../world/initial/balancers.ts";
import { apiRule, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const weightZero: Fault = {
  id: "weight-zero",
  title: "A blue/green switch left the API's target group with weight 0",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    const { actions } = rule;
    rule.actions = [
      {
        type: "forward",
        order: 1,
        targetGroups: [
          { targetGroupArn: targetGroupArns.api, weight: 0 },
          { targetGroupArn: targetGroupArns.legacy, weight: 100 },
        ],
      },
    ];
    trailOfBalancer(world, "ModifyRule", "ListenerRule", rule.arn);
    return () => void (rule.actions = actions);
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
