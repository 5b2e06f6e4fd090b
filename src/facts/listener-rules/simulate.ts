import type { ListenerRule, RuleAction, RuleCondition } from "#core/ports/aws.ts";

/** What of a request a listener rule can look at. Headers that are not listed are unknown, not absent. */
export interface RoutedRequest {
  readonly host: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly method: string;
  readonly query: readonly { readonly key: string; readonly value: string }[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Simulated {
  /** The first rule that certainly matches; null where there is not even a default rule. */
  readonly rule: ListenerRule | null;
  /** Rules before it that may match as well: they look at what we do not know. */
  readonly maybe: readonly { readonly rule: ListenerRule; readonly because: string }[];
  /** Later rules that match as well and never see this request. */
  readonly shadowed: readonly ListenerRule[];
}

type Match = { readonly is: "yes" | "no" } | { readonly is: "maybe"; readonly because: string };
const yes: Match = { is: "yes" };
const no: Match = { is: "no" };

/**
 * Which rule of a listener takes a request: lowest priority number first, the default last.
 * Source: "Listener rules for your Application Load Balancer", AWS documentation.
 */
export function simulate(rules: readonly ListenerRule[], request: RoutedRequest): Simulated {
  const ordered = rules.toSorted(
    (a, b) => (a.priority ?? Number.POSITIVE_INFINITY) - (b.priority ?? Number.POSITIVE_INFINITY),
  );
  const maybe: { rule: ListenerRule; because: string }[] = [];
  for (const [i, rule] of ordered.entries()) {
    const match = matches(rule, request);
    if (match.is === "maybe") maybe.push({ rule, because: match.because });
    if (match.is === "yes") {
      const shadowed = ordered.slice(i + 1).filter((later) => matches(later, request).is === "yes");
      return { rule, maybe, shadowed };
    }
  }
  return { rule: null, maybe, shadowed: [] };
}

/** Conditions are ANDed: one that fails decides, whatever the unknown ones say. */
function matches(rule: ListenerRule, request: RoutedRequest): Match {
  if (rule.priority === null) return yes;
  const results = rule.conditions.map((condition) => holds(condition, request));
  if (results.some((result) => result.is === "no")) return no;
  return results.find((result) => result.is === "maybe") ?? yes;
}

function holds(condition: RuleCondition, request: RoutedRequest): Match {
  const { field, values, regexes } = condition;
  const any = (subject: string, ignoreCase: boolean): Match => {
    if (values.some((pattern) => fits(pattern, subject, ignoreCase))) return yes;
    return regexes.length > 0 ? { is: "maybe", because: `a regular expression on ${field}` } : no;
  };
  switch (field) {
    case "path-pattern":
      return any(request.path, false);
    case "host-header":
      return any(request.host, true);
    case "http-request-method":
      return values.includes(request.method) ? yes : no;
    case "http-header": {
      const value = request.headers[(condition.header ?? "").toLowerCase()];
      if (value === undefined)
        return { is: "maybe", because: `the header ${condition.header ?? ""}` };
      return any(value, true);
    }
    case "query-string": {
      const pair = condition.query.some(({ key, value }) =>
        request.query.some(
          (sent) => (key === null || fits(key, sent.key, true)) && fits(value, sent.value, true),
        ),
      );
      return pair ? yes : no;
    }
    case "source-ip":
      return { is: "maybe", because: "the caller's address" };
    default:
      return { is: "maybe", because: `a condition on ${field}` };
  }
}

/** `*` is any run of characters, `?` is one; a backslash takes their meaning away. */
export function fits(pattern: string, subject: string, ignoreCase: boolean): boolean {
  const source = pattern.replace(
    /\\([*?])|[\\^$.+()[\]{}|/*?]/gu,
    (found, literal: string | undefined) => {
      if (literal !== undefined) return `\\${literal}`;
      return found === "*" ? "[^]*" : found === "?" ? "[^]" : `\\${found}`;
    },
  );
  return new RegExp(`^${source}$`, ignoreCase ? "iu" : "u").test(subject);
}

/** The action that ends a rule; authentication before it only delays. */
export const finalAction = (rule: ListenerRule): RuleAction | null =>
  rule.actions.findLast((action) => !action.type.startsWith("authenticate")) ??
  rule.actions.at(-1) ??
  null;

/** "rule 10 (path /api/*)" for people. */
export function ruleName(rule: ListenerRule): string {
  if (rule.priority === null) return "the default rule";
  const conditions = rule.conditions.map(({ field, values, header, query, regexes }) => {
    const pairs = query.map(({ key, value }) => (key === null ? value : `${key}=${value}`));
    const seen = [...values, ...pairs, ...regexes].join(" or ");
    return `${field === "http-header" ? `header ${header ?? ""}` : field.replace(/-pattern|-header|http-request-/gu, "")} ${seen}`;
  });
  return `rule ${rule.priority} (${conditions.join(", ")})`;
}

/** "forward to api-tg", "fixed response 404", "redirect 301 https://..." for people. */
export function actionName(rule: ListenerRule): string {
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
