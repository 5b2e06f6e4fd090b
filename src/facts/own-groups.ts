import { defineFact } from "#core/fact.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The groups of tasks and load balancers, with their rules. */
export const ownGroups = defineFact({
  id: "own-groups",
  needs: { interfaces: networkInterfaces },
  permissions: ["ec2:DescribeSecurityGroups"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces }, signal }) => {
    const ids = [
      ...interfaces.tasks.flatMap((task) => task.groups),
      ...interfaces.loadBalancers.flatMap((one) => one.groups),
    ];
    return ports.network.securityGroups([...new Set(ids)].toSorted(), signal);
  },
});
