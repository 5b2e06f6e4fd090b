import { addRule, toLegacy } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const ruleRegexShadows: Fault = {
  id: "rule-regex-shadows",
  title:
    "A new rule with a regular expression takes every version of the API for the old target group",
  system: "ALB",
  ...undoable((world) =>
    addRule(world, "5d7c0a11be3f9013", {
      conditions: [{ field: "path-pattern", values: [], regexValues: ["^/api/v[0-9]+/models/"] }],
      actions: structuredClone(toLegacy),
    }),
  ),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
