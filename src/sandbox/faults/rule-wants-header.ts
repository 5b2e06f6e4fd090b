import { apiRule, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleWantsHeader: Fault = {
  id: "rule-wants-header",
  title: "The API's rule wants a header that customers were never told of; without it, 404",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    const { conditions } = rule;
    rule.conditions = [
      ...conditions,
      { field: "http-header", headerName: "X-Hokusai-Client", values: ["*"] },
    ];
    trailOfBalancer(world, "ModifyRule", "ListenerRule", rule.arn);
    return () => void (rule.conditions = conditions);
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
