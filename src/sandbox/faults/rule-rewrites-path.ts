import { apiRule, trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleRewritesPath: Fault = {
  id: "rule-rewrites-path",
  title:
    "A rewrite of the API's rule cuts /api off: the program gets /v1/models/... and answers 404",
  system: "ALB",
  ...undoable((world) => {
    const rule = apiRule(world);
    if (rule === undefined) return null;
    rule.transforms = [
      { type: "url-rewrite", rewrites: [{ regex: "^/api/(.*)$", replace: "/$1" }] },
    ];
    trailOfBalancer(world, "ModifyRule", "ListenerRule", rule.arn);
    return () => void delete rule.transforms;
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
