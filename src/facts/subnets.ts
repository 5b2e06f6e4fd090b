import { defineFact } from "#core/fact.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The subnets of tasks and load balancers: ranges and free addresses. */
export const subnets = defineFact({
  id: "subnets",
  needs: { interfaces: networkInterfaces },
  permissions: ["ec2:DescribeSubnets"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces }, signal }) => {
    const ids = [
      ...interfaces.tasks.map((task) => task.subnet),
      ...interfaces.loadBalancers.flatMap((one) => one.subnets),
    ];
    return ports.network.subnets([...new Set(ids)].toSorted(), signal);
  },
});
