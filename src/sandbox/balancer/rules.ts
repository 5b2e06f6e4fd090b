/** Which rule of a listener takes a request, as the vendor's page "Listener rules" says. */
import { inCidr } from "../net/reachability.ts";
import type { Action, Condition, Rule, WorldState } from "../world/state.ts";

export interface Incoming {
  method: string;
  host: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  source: string;
}

/** `*` is any run of characters, `?` any one. */
const wildcard = (pattern: string, flags = ""): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    `s${flags}`,
  );

const holds = (condition: Condition, incoming: Incoming): boolean => {
  switch (condition.field) {
    case "path-pattern":
      return condition.values.some((one) => wildcard(one).test(incoming.path));
    case "host-header":
      return condition.values.some((one) => wildcard(one, "i").test(incoming.host));
    case "http-request-method":
      return condition.values.includes(incoming.method);
    case "http-header": {
      const seen = [incoming.headers[condition.headerName.toLowerCase()] ?? []].flat();
      return seen.some((value) => condition.values.some((one) => wildcard(one, "i").test(value)));
    }
    case "query-string":
      return condition.values.some(({ key, value }) =>
        [...incoming.query].some(
          ([name, given]) =>
            (key === undefined || wildcard(key, "i").test(name)) &&
            wildcard(value, "i").test(given),
        ),
      );
    case "source-ip":
      return condition.values.some((cidr) => inCidr(incoming.source, cidr));
  }
};

/** Lowest priority first, the default rule last; all conditions of a rule have to hold. */
export const ruleFor = (
  state: WorldState,
  listenerArn: string,
  incoming: Incoming,
): Rule | undefined =>
  state.elb.rules
    .filter((rule) => rule.listenerArn === listenerArn)
    .toSorted((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity))
    .find((rule) => rule.conditions.every((condition) => holds(condition, incoming)));

export const decidingAction = (rule: Rule | undefined): Action | undefined =>
  rule?.actions.toSorted((a, b) => a.order - b.order).at(-1);

/** A target group by weight; none when every weight is 0. */
export const chooseGroup = (action: Extract<Action, { type: "forward" }>): string | undefined => {
  const total = action.targetGroups.reduce((sum, one) => sum + one.weight, 0);
  let point = Math.random() * total;
  for (const { targetGroupArn, weight } of action.targetGroups) {
    if (weight > 0 && point < weight) return targetGroupArn;
    point -= weight;
  }
  return undefined;
};
