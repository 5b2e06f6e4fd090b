import type { ListenerRule, RuleAction } from "#core/ports/aws.ts";
import { conditionName } from "./conditions.ts";

/** What stands before the action that ends a rule: a log-in, or a check of a token. */
const isGate = ({ type }: RuleAction): boolean =>
  type.startsWith("authenticate-") || type === "jwt-validation";

/** The action that ends a rule. */
export const finalAction = (rule: ListenerRule): RuleAction | null =>
  rule.actions.findLast((action) => !isGate(action)) ?? null;

/** What somebody without a session meets before that: nothing where such callers are let through. */
export const gateOf = (rule: ListenerRule): RuleAction | null =>
  rule.actions.find((action) => isGate(action) && action.unauthenticated !== "allow") ?? null;

/** "rule 10 (path /api/*)" for people. */
export function ruleName(rule: ListenerRule): string {
  if (rule.priority === null) return "the default rule";
  return `rule ${rule.priority} (${rule.conditions.map(conditionName).join(", ")})`;
}

/** "forward to api-tg", "fixed response 404", "redirect 301 https://..." for people. */
export function actionName(rule: ListenerRule): string {
  const gate = gateOf(rule);
  if (gate !== null) return `${gateName(gate)}, then ${endName(rule)}`;
  return endName(rule);
}

const gateName = ({ type, answer, unauthenticated }: RuleAction): string => {
  if (unauthenticated === "deny") return `401 for whoever is not logged in (${type})`;
  return unauthenticated === null
    ? `a check of the caller's token (${type})`
    : `a log-in at ${answer ?? "another page"} (${type})`;
};

function endName(rule: ListenerRule): string {
  const action = finalAction(rule);
  if (action === null) return "no action";
  if (action.type === "forward") {
    const names = action.targetGroups.map(({ arn, weight }) =>
      action.targetGroups.length > 1 || weight !== 1
        ? `${groupName(arn)} (weight ${weight})`
        : groupName(arn),
    );
    return `forward to ${names.join(" and ")}`;
  }
  return `${action.type.replaceAll("-", " ")} ${action.answer ?? ""}`.trim();
}

/** "arn:...:targetgroup/api-tg/0123" -> "api-tg". */
export const groupName = (arn: string): string =>
  arn.split(":targetgroup/")[1]?.split("/")[0] ?? arn;
