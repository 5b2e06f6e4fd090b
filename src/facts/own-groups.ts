import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The groups of tasks (those that are up, and those to come) and load balancers, with their rules. */
export const ownGroups = defineFact({
  id: "own-groups",
  needs: { interfaces: networkInterfaces, service: ecsService },
  permissions: ["ec2:DescribeSecurityGroups"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces, service }, signal }) => {
    const ids = [
      ...interfaces.tasks.flatMap((task) => task.groups),
      ...(service?.network?.securityGroups ?? []),
      ...interfaces.loadBalancers.flatMap((one) => one.groups),
    ];
    return ports.network.securityGroups([...new Set(ids)].toSorted(), signal);
  },
});
