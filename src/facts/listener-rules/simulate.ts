import type { ListenerRule } from "#core/ports/aws.ts";
import { holds, type Match, type RoutedRequest } from "./conditions.ts";

interface Because {
  readonly rule: ListenerRule;
  readonly because: string;
}

export interface Simulated {
  readonly request: RoutedRequest;
  /** The first rule that certainly matches; null where there is not even a default rule. */
  readonly rule: ListenerRule | null;
  /** Rules before it that may match as well: they look at what we do not know. */
  readonly maybe: readonly Because[];
  /** Rules before it that certainly do not match, and the first condition that fails. */
  readonly passed: readonly Because[];
  /** Later rules that match as well and never see this request. */
  readonly shadowed: readonly ListenerRule[];
}

/**
 * Which rule of a listener takes a request: lowest priority number first, the default last.
 * Source: "Listener rules for your Application Load Balancer", AWS documentation.
 */
export function simulate(rules: readonly ListenerRule[], request: RoutedRequest): Simulated {
  const ordered = rules.toSorted(
    (a, b) => (a.priority ?? Number.POSITIVE_INFINITY) - (b.priority ?? Number.POSITIVE_INFINITY),
  );
  const maybe: Because[] = [];
  const passed: Because[] = [];
  for (const [i, rule] of ordered.entries()) {
    const match = matches(rule, request);
    if (match.is === "maybe") maybe.push({ rule, because: match.because });
    if (match.is === "no") passed.push({ rule, because: match.because });
    if (match.is === "yes") {
      const shadowed = ordered.slice(i + 1).filter((later) => matches(later, request).is === "yes");
      return { request, rule, maybe, passed, shadowed };
    }
  }
  return { request, rule: null, maybe, passed, shadowed: [] };
}

/** Conditions are ANDed: one that fails decides, whatever the unknown ones say. */
function matches(rule: ListenerRule, request: RoutedRequest): Match {
  if (rule.priority === null) return { is: "yes" };
  const results = rule.conditions.map((condition) => holds(condition, request));
  const failed = results.find((result) => result.is === "no");
  return failed ?? results.find((result) => result.is === "maybe") ?? { is: "yes" };
}
