/** Which rule of a listener takes a request, as the vendor's page "Listener rules" says. */
import { inCidr } from "../net/reachability.ts";
import type { Action, Condition, LogInAction, Rule, WorldState } from "../world/state.ts";

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

/** Patterns of a condition, or regular expressions in their place. */
const matchesAny = (
  condition: { values: string[]; regexValues?: string[] },
  subject: string,
  flags = "",
): boolean =>
  condition.values.some((one) => wildcard(one, flags).test(subject)) ||
  (condition.regexValues ?? []).some((one) => new RegExp(one, flags).test(subject));

const holds = (condition: Condition, incoming: Incoming): boolean => {
  switch (condition.field) {
    case "path-pattern":
      return matchesAny(condition, incoming.path);
    case "host-header":
      return matchesAny(condition, incoming.host, "i");
    case "http-request-method":
      return condition.values.includes(incoming.method);
    case "http-header": {
      const seen = [incoming.headers[condition.headerName.toLowerCase()] ?? []].flat();
      return seen.some((value) => matchesAny(condition, value, "i"));
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

export const isLogIn = (action: Action): action is LogInAction =>
  action.type === "authenticate-oidc" || action.type === "authenticate-cognito";

type Ending = Exclude<Action, LogInAction>;
/** The action that ends a rule: a log-in only stands before it. */
export const decidingAction = (rule: Rule | undefined): Ending | undefined =>
  rule?.actions
    .toSorted((a, b) => a.order - b.order)
    .findLast((action): action is Ending => !isLogIn(action));

/** What the target gets in place of host, path and query; null where a rewrite makes no request of it. */
export const rewrittenBy = (
  rule: Rule | undefined,
  sent: { host: string; url: string },
): { host: string; url: string } | null => {
  const apply = (type: "host-header-rewrite" | "url-rewrite", text: string): string | null => {
    const rewrites = (rule?.transforms ?? []).filter((one) => one.type === type);
    return rewrites
      .flatMap((one) => one.rewrites)
      .reduce<string | null>((before, { regex, replace }) => {
        const match = before === null ? null : new RegExp(regex).exec(before);
        if (before === null || match === null) return before;
        if ([...replace.matchAll(/\$(\d)/g)].some(([, digit]) => Number(digit) >= match.length))
          return null;
        const put = replace.replaceAll(/\$(\d)/g, (_, digit: string) => match[Number(digit)] ?? "");
        return before.slice(0, match.index) + put + before.slice(match.index + match[0].length);
      }, text);
  };
  const host = apply("host-header-rewrite", sent.host);
  const url = apply("url-rewrite", sent.url);
  return host === null || url?.startsWith("/") !== true ? null : { host, url };
};

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
