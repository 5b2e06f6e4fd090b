import type { ListenerRule } from "#core/ports/aws.ts";
import type { PublicRoute } from "./public-route.ts";
import { actionName, finalAction, groupName, ruleName } from "./simulate.ts";

export type Where =
  | "to-service"
  | "other-target-group"
  | "fixed-response"
  | "redirect"
  | "no-listener"
  | "weight-zero"
  | "undecidable";

export interface Landing {
  readonly where: Where;
  /** "rule 10 (path /api/*): forward to api-tg". */
  readonly seen: string;
  /** The later rule that would have led to the service; null where there is none. */
  readonly shadows: string | null;
  readonly notes: readonly string[];
}

/** Where a simulated request ends, given the target groups of the service. */
export function landing({ listener, simulated }: PublicRoute, own: ReadonlySet<string>): Landing {
  if (listener === null || simulated === null) {
    return {
      where: "no-listener",
      seen: "nothing listens on the port of the public URL",
      shadows: null,
      notes: [],
    };
  }
  const { rule, maybe, shadowed } = simulated;
  if (rule === null)
    return {
      where: "undecidable",
      seen: "the listener shows no default rule",
      shadows: null,
      notes: [],
    };
  const where = whereOf(rule, own);
  const elsewhere = maybe.find((one) => whereOf(one.rule, own) !== where);
  if (elsewhere !== undefined) {
    const name = `${ruleName(elsewhere.rule)}: ${actionName(elsewhere.rule)}`;
    return {
      where: "undecidable",
      seen: `${name}, depends on ${elsewhere.because}`,
      shadows: null,
      notes: [],
    };
  }
  const hidden =
    where === "to-service" ? undefined : shadowed.find((one) => whereOf(one, own) === "to-service");
  return {
    where,
    seen: `${ruleName(rule)}: ${actionName(rule)}`,
    shadows: hidden === undefined ? null : `${ruleName(hidden)}: ${actionName(hidden)}`,
    notes: [
      ...rule.transforms.map((kind) => `the rule changes the request on its way (${kind})`),
      ...rule.actions
        .filter((one) => one.type.startsWith("authenticate"))
        .map((one) => `the rule asks for a login first (${one.type})`),
      ...split(rule, own),
    ],
  };
}

function whereOf(rule: ListenerRule, own: ReadonlySet<string>): Where {
  const action = finalAction(rule);
  if (action === null) return "undecidable";
  if (rule.actions.some((one) => one.type.startsWith("authenticate"))) return "redirect";
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
