import { defineFact } from "#core/fact.ts";
import { dependencyEnds } from "./dependency-ends.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The groups of tasks, load balancers and dependencies inside the VPC, with their rules. */
export const securityGroups = defineFact({
  id: "security-groups",
  needs: { interfaces: networkInterfaces, dependencies: dependencyEnds },
  permissions: ["ec2:DescribeSecurityGroups"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces, dependencies }, signal }) => {
    const ids = [
      ...interfaces.tasks.flatMap((task) => task.groups),
      ...interfaces.loadBalancers.flatMap((one) => one.groups),
      ...Object.values(dependencies).flatMap((end) => end?.groups ?? []),
    ];
    return ports.network.securityGroups([...new Set(ids)].toSorted(), signal);
  },
});
