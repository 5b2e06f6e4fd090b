import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The network ACLs of the subnets of tasks (up and to come) and load balancers. They remember nothing: both ways count. */
export const networkAcls = defineFact({
  id: "network-acls",
  needs: { interfaces: networkInterfaces, service: ecsService },
  permissions: ["ec2:DescribeNetworkAcls"],
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
    return ports.network.acls([...new Set(ids)].toSorted(), signal);
  },
});
