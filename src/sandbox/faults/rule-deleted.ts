import { apiRule, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleDeleted: Fault = {
  id: "rule-deleted",
  title: "The rule that forwards the API's host was deleted: the load balancer answers 404 itself",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    world.elb.rules = world.elb.rules.filter((one) => one !== rule);
    trailOfBalancer(world, "DeleteRule", "ListenerRule", rule.arn);
    return () => void world.elb.rules.push(rule);
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
