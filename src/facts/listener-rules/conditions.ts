import type { RuleCondition } from "#core/ports/aws.ts";
import { isPrivate } from "../network-path/cidr.ts";
import { regexFits } from "./regex.ts";

/** What of a request a listener rule can look at. */
export interface RoutedRequest {
  readonly host: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly method: string;
  readonly query: readonly { readonly key: string; readonly value: string }[];
  /** Names in lower case; of a value that is not known whole, how it begins. */
  readonly headers: Readonly<Record<string, string | { readonly begins: string }>>;
  /** Whether a header that is not listed is certainly not sent; else it is unknown. */
  readonly headersComplete: boolean;
  /** "internet": some public address, through a load balancer that faces the internet. */
  readonly from: "internet" | "unknown";
}

export type Match =
  | { readonly is: "yes" }
  | { readonly is: "no" | "maybe"; readonly because: string };
const yes: Match = { is: "yes" };

/** Whether one condition of a rule holds; its values are ORed. */
export function holds(condition: RuleCondition, request: RoutedRequest): Match {
  const { field, values, header } = condition;
  const no: Match = { is: "no", because: conditionName(condition) };
  const maybe = (because: string): Match => ({ is: "maybe", because });
  switch (field) {
    case "path-pattern":
      return anyOf(condition, request.path, false) ?? no;
    case "host-header":
      return anyOf(condition, request.host, true) ?? no;
    case "http-request-method":
      return values.includes(request.method) ? yes : no;
    case "http-header": {
      const value = request.headers[(header ?? "").toLowerCase()];
      if (value === undefined)
        return request.headersComplete ? no : maybe(`the header ${header ?? ""}`);
      if (typeof value === "string") return anyOf(condition, value, true) ?? no;
      const certain = values.some((one) => one.endsWith("*") && fits(one, value.begins, true));
      const possible = values.some((one) => couldFit(one, value.begins));
      if (certain) return yes;
      return possible || condition.regexes.length > 0 ? maybe(`the header ${header ?? ""}`) : no;
    }
    case "query-string": {
      const pair = condition.query.some(({ key, value }) =>
        request.query.some(
          (sent) => (key === null || fits(key, sent.key, true)) && fits(value, sent.value, true),
        ),
      );
      return pair ? yes : no;
    }
    case "source-ip": {
      if (request.from === "unknown") return maybe("the caller's address");
      if (values.includes("0.0.0.0/0")) return yes;
      // Nobody on the internet calls from a private address.
      return values.every(isPrivate) ? no : maybe("the caller's address");
    }
    default:
      return maybe(`a condition on ${field}`);
  }
}

function anyOf(condition: RuleCondition, subject: string, ignoreCase: boolean): Match | null {
  const { field, values, regexes } = condition;
  if (values.some((pattern) => fits(pattern, subject, ignoreCase))) return yes;
  const tried = regexes.map((regex) => ({ regex, fits: regexFits(regex, subject) }));
  if (tried.some((one) => one.fits === "yes")) return yes;
  const unread = tried.find((one) => one.fits === "maybe");
  return unread === undefined
    ? null
    : { is: "maybe", because: `the regular expression ${unread.regex} on ${field}` };
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

/** Whether something that begins so could fit the pattern. */
const couldFit = (pattern: string, begins: string): boolean => {
  const literal = (/^[^*?\\]*/u.exec(pattern)?.[0] ?? "").toLowerCase();
  const start = begins.toLowerCase();
  return literal.length < start.length ? start.startsWith(literal) : literal.startsWith(start);
};

/** "path /api/*", "header X-Stage beta" for people. */
export function conditionName({ field, values, header, query, regexes }: RuleCondition): string {
  const pairs = query.map(({ key, value }) => (key === null ? value : `${key}=${value}`));
  const seen = [...values, ...pairs, ...regexes.map((one) => `regex ${one}`)].join(" or ");
  const name = {
    "http-header": `header ${header ?? ""}`,
    "http-request-method": "method",
    "query-string": "query",
    "source-ip": "source",
  }[field];
  return `${name ?? field.replace(/-pattern|-header/u, "")} ${seen}`.trimEnd();
}
