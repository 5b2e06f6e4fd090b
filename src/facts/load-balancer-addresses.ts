import { defineFact } from "#core/fact.ts";
import { loadBalancers } from "./load-balancers.ts";

/** What the own names of the load balancers resolve to, to compare with the public name. */
export const loadBalancerAddresses = defineFact({
  id: "load-balancer-addresses",
  needs: { loadBalancers },
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_500,
  rereadable: true,
  gather: async ({ ports, facts, signal }) =>
    Promise.all(
      facts.loadBalancers.flatMap(({ found }) => {
        if (found === null || found.dnsName === "") return [];
        const { name, dnsName } = found;
        return [
          ports.probe.resolve(dnsName, signal).then(({ addresses, problem }) => ({
            name,
            dnsName,
            addresses,
            problem: problem?.code ?? null,
          })),
        ];
      }),
    ),
});
