import { isIPv6 } from "node:net";
import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";
import { ecsTasks } from "./ecs-tasks.ts";
import { loadBalancers } from "./load-balancers.ts";

/** A task's place in the network; address null where no task is up and its configuration stands in. */
export interface TaskPlace {
  readonly address: string | null;
  /** Its IPv6 address, in a subnet that gives one. */
  readonly ipv6: string | null;
  readonly subnet: string;
  readonly groups: readonly string[];
  readonly publicIp: boolean;
}

/**
 * Where tasks and load balancers sit. Tasks by their own interfaces, because those can differ from what the
 * service is configured with; `fromConfiguration` says that no task had one.
 */
export const networkInterfaces = defineFact({
  id: "network-interfaces",
  needs: { service: ecsService, tasks: ecsTasks, loadBalancers },
  permissions: ["ec2:DescribeNetworkInterfaces"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 10_000,
  rereadable: true,
  gather: async ({ ports, facts, signal }) => {
    const known = facts.loadBalancers.flatMap(({ found }) => (found === null ? [] : [found]));
    const ids = [...new Set(facts.tasks.flatMap((task) => task.interfaces))];
    const [ofTasks, ...ofBalancers] = await Promise.all([
      ports.network.interfaces({ ids }, signal),
      ...known.map(async (one) => ports.network.interfaces({ loadBalancer: one.arn }, signal)),
    ]);
    const attached: TaskPlace[] = ofTasks.flatMap((one) =>
      one.subnet === null
        ? []
        : [
            {
              address: one.addresses[0] ?? null,
              ipv6: one.addresses.find(isIPv6) ?? null,
              subnet: one.subnet,
              groups: one.groups,
              publicIp: one.publicAddress !== null,
            },
          ],
    );
    const network = facts.service?.network ?? null;
    const configured: TaskPlace[] = (network?.subnets ?? []).map((subnet) => ({
      address: null,
      ipv6: null,
      subnet,
      groups: network?.securityGroups ?? [],
      publicIp: network?.publicIp ?? false,
    }));
    return {
      fromConfiguration: attached.length === 0,
      tasks: attached.length === 0 ? configured : attached,
      vpc: known[0]?.vpc ?? ofTasks[0]?.vpc ?? null,
      loadBalancers: known.map((one, i) => ({
        name: one.name,
        groups: one.securityGroups,
        subnets: one.subnets,
        addresses: (ofBalancers[i] ?? []).flatMap((nic) => nic.addresses),
      })),
    };
  },
});
