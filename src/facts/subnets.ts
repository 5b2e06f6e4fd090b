import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The subnets of tasks (those that are up, and those to come) and load balancers: ranges and free addresses. */
export const subnets = defineFact({
  id: "subnets",
  needs: { interfaces: networkInterfaces, service: ecsService },
  permissions: ["ec2:DescribeSubnets"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces, service }, signal }) => {
    const ids = [
      ...interfaces.tasks.map((task) => task.subnet),
      ...(service?.network?.subnets ?? []),
      ...interfaces.loadBalancers.flatMap((one) => one.subnets),
    ];
    return ports.network.subnets([...new Set(ids)].toSorted(), signal);
  },
});
