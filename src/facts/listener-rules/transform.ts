import type { ListenerRule, RuleTransform } from "#core/ports/aws.ts";
import type { RoutedRequest } from "./conditions.ts";
import { readRegex } from "./regex.ts";

/** What the target gets instead of what was sent. */
export type Rewritten =
  | { readonly is: "same" }
  /** `path` is without the query. */
  | { readonly is: "changed"; readonly host: string; readonly path: string }
  /** The pattern matches and the result is no request: the load balancer answers 500. */
  | { readonly is: "fails"; readonly because: string }
  | { readonly is: "unknown"; readonly because: string };

type Text = { readonly text: string } | Exclude<Rewritten, { readonly is: "same" | "changed" }>;

/**
 * The rewrites of a rule, applied to a request that it takes: one of the host, one of path and query.
 * Source: "Transforms for listener rules", AWS documentation.
 */
export function rewritten(rule: ListenerRule, request: RoutedRequest): Rewritten {
  const query = request.query.map(({ key, value }) => `${key}=${value}`).join("&");
  const url = query === "" ? request.path : `${request.path}?${query}`;
  const host = apply(rule, "host-header-rewrite", request.host);
  const target = apply(rule, "url-rewrite", url);
  if (!("text" in host)) return host;
  if (!("text" in target)) return target;
  const path = target.text.split("?")[0] ?? "";
  if (!path.startsWith("/")) return { is: "fails", because: `"${path}" is no path` };
  if (host.text === request.host && target.text === url) return { is: "same" };
  return { is: "changed", host: host.text, path };
}

function apply(rule: ListenerRule, type: string, sent: string): Text {
  let text = sent;
  const pairs = rule.transforms.flatMap((one: RuleTransform) =>
    one.type === type ? one.rewrites : [],
  );
  for (const { regex, replace } of pairs) {
    const read = readRegex(regex, "g");
    const found = read === null ? [] : [...text.matchAll(read)];
    const [match] = found;
    // Not documented: whether all places are replaced, or the first.
    if (read === null || found.length > 1)
      return { is: "unknown", because: `the rewrite ${regex} -> ${replace}` };
    if (match === undefined) continue;
    const groups = [...replace.matchAll(/\$(\d)/gu)].map(([, digit]) => Number(digit));
    if (groups.some((one) => one >= match.length))
      return { is: "fails", because: `${regex} has no group for ${replace}` };
    const filled = replace.replace(/\$(\d)/gu, (_, digit: string) => match[Number(digit)] ?? "");
    text = text.slice(0, match.index) + filled + text.slice(match.index + match[0].length);
  }
  return { text };
}
