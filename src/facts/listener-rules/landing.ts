import type { ListenerRule } from "#core/ports/aws.ts";
import { actionName, finalAction, gateOf, groupName, ruleName } from "./actions.ts";
import type { PublicRoute } from "./public-route.ts";
import { rewritten, type Rewritten } from "./transform.ts";

export type Where =
  | "to-service"
  | "other-target-group"
  | "fixed-response"
  | "redirect"
  | "login-first"
  | "no-listener"
  | "weight-zero"
  | "undecidable";

export interface Landing {
  readonly where: Where;
  /** "rule 10 (path /api/*): forward to api-tg". */
  readonly seen: string;
  /** The later rule that would have led to the service; null where there is none. */
  readonly shadows: string | null;
  /** What the service gets, where the request ends there. */
  readonly rewrite: Rewritten;
  /** Lower is asked first; null for the default rule and where no rule is known. */
  readonly priority: number | null;
  /** The rules that were asked before, and why they do not take it. */
  readonly passed: readonly { readonly rule: string; readonly because: string }[];
  readonly notes: readonly string[];
}

const same: Rewritten = { is: "same" };

/** Where a simulated request ends, given the target groups of the service. */
export function landing({ listener, simulated }: PublicRoute, own: ReadonlySet<string>): Landing {
  const nowhere = { shadows: null, rewrite: same, priority: null, passed: [], notes: [] };
  if (listener === null || simulated === null) {
    const seen = "nothing listens on the port of the public URL";
    return { ...nowhere, where: "no-listener", seen };
  }
  const { rule, maybe, shadowed } = simulated;
  if (rule === null)
    return { ...nowhere, where: "undecidable", seen: "the listener shows no default rule" };
  const where = whereOf(rule, own);
  const passed = simulated.passed.map((one) => ({
    rule: ruleName(one.rule),
    because: one.because,
  }));
  const elsewhere = maybe.find((one) => whereOf(one.rule, own) !== where);
  if (elsewhere !== undefined) {
    const name = `${ruleName(elsewhere.rule)}: ${actionName(elsewhere.rule)}`;
    const seen = `${name}, depends on ${elsewhere.because}; else ${ruleName(rule)}: ${actionName(rule)}`;
    return { ...nowhere, where: "undecidable", seen, passed };
  }
  const hidden =
    where === "to-service" ? undefined : shadowed.find((one) => whereOf(one, own) === "to-service");
  return {
    where,
    seen: `${ruleName(rule)}: ${actionName(rule)}`,
    shadows: hidden === undefined ? null : `${ruleName(hidden)}: ${actionName(hidden)}`,
    rewrite: where === "to-service" ? rewritten(rule, simulated.request) : same,
    priority: rule.priority,
    passed,
    notes: split(rule, own),
  };
}

/** A rule there leads such requests to the service, even if another one takes them before, or it sends none now. */
export const isMeantForService = ({ where, shadows }: Landing): boolean =>
  where === "to-service" || where === "weight-zero" || shadows !== null;

function whereOf(rule: ListenerRule, own: ReadonlySet<string>): Where {
  const action = finalAction(rule);
  if (action === null) return "undecidable";
  const gate = gateOf(rule);
  if (gate !== null) return gate.unauthenticated === null ? "undecidable" : "login-first";
  if (action.type === "fixed-response" || action.type === "redirect") return action.type;
  if (action.type !== "forward") return "undecidable";
  const live = action.targetGroups.filter((group) => group.weight > 0);
  if (live.length > 0 && live.every((group) => own.has(group.arn))) return "to-service";
  if (action.targetGroups.some((group) => own.has(group.arn) && group.weight === 0))
    return "weight-zero";
  return "other-target-group";
}

const split = (rule: ListenerRule, own: ReadonlySet<string>): readonly string[] => {
  const groups = finalAction(rule)?.targetGroups ?? [];
  const total = groups.reduce((sum, group) => sum + group.weight, 0);
  const foreign = groups.filter((group) => !own.has(group.arn) && group.weight > 0);
  if (total === 0 || foreign.length === 0 || foreign.length === groups.length) return [];
  return foreign.map(
    (group) =>
      `${Math.round((100 * group.weight) / total)}% of requests go to ${groupName(group.arn)}`,
  );
};
