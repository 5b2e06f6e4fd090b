/** Rules and requests for tests of the listener rules: a test changes what its row is about. */
import type { ListenerRule, RuleAction, RuleCondition } from "#core/ports/aws.ts";
import type { RoutedRequest } from "#facts/listener-rules/conditions.ts";

export const condition = (
  field: string,
  values: readonly string[],
  change: Partial<RuleCondition> = {},
): RuleCondition => ({ field, values, header: null, query: [], regexes: [], ...change });

export const action = (type: string, change: Partial<RuleAction> = {}): RuleAction => ({
  type,
  order: 1,
  targetGroups: [],
  answer: null,
  unauthenticated: null,
  ...change,
});

export const arnOf = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;

export const forward = (...weights: readonly [name: string, weight: number][]): RuleAction =>
  action("forward", {
    order: 50,
    targetGroups: weights.map(([name, weight]) => ({ arn: arnOf(name), weight })),
  });

export const rule = (
  priority: number | null,
  conditions: readonly RuleCondition[],
  actions: readonly RuleAction[] = [forward(["api", 1])],
  transforms: ListenerRule["transforms"] = [],
): ListenerRule => ({ arn: `rule-${priority}`, priority, conditions, actions, transforms });

export const request = (change: Partial<RoutedRequest> = {}): RoutedRequest => ({
  host: "api.example.com",
  path: "/api/v1/models/21/predict",
  method: "POST",
  query: [],
  headers: { "content-type": "application/json", authorization: { begins: "Bearer hk_" } },
  headersComplete: false,
  from: "internet",
  ...change,
});
