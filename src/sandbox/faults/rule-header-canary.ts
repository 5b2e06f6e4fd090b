import { addRule, toLegacy } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Whoever does not send the header notices nothing. */
export const ruleHeaderCanary: Fault = {
  id: "rule-header-canary",
  title: "A new rule sends requests that carry X-Canary to the old target group; others are served",
  system: "ALB",
  ...undoable((world) =>
    addRule(world, "5d7c0a11be3f9012", {
      conditions: [{ field: "http-header", headerName: "X-Canary", values: ["true"] }],
      actions: structuredClone(toLegacy),
    }),
  ),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
