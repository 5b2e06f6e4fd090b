import { defineFact } from "#core/fact.ts";
import { loadBalancers } from "./load-balancers.ts";

/** The listeners of each load balancer with their rules. */
export const listenerRules = defineFact({
  id: "listener-rules",
  needs: { loadBalancers },
  permissions: ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, facts, signal }) =>
    Promise.all(
      facts.loadBalancers.flatMap(({ found }) => {
        if (found === null) return [];
        return [
          (async () => {
            const listeners = await ports.loadBalancing.listeners(found.arn, signal);
            return {
              loadBalancer: found.name,
              listeners: await Promise.all(
                listeners.map(async ({ arn, port, protocol }) => {
                  const rules = await ports.loadBalancing.rules(arn, signal);
                  return { arn, port, protocol, rules };
                }),
              ),
            };
          })(),
        ];
      }),
    ),
});
