import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";

/** The load balancers that the catalogue names, in its order; null where AWS has none of that name. */
export const loadBalancers = defineFact({
  id: "load-balancers",
  needs: {},
  permissions: ["elasticloadbalancing:DescribeLoadBalancers"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) => {
    const names = target.service.loadBalancers;
    if (names.length === 0) {
      throw notApplicable(
        "the catalogue names no load balancer",
        "name it under loadBalancers in hokusai.yaml",
      );
    }
    return Promise.all(
      names.map(async (name) => ({
        name,
        found: await ports.loadBalancing.loadBalancer(name, signal),
      })),
    );
  },
});
