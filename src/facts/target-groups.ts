import { defineFact } from "#core/fact.ts";
import type { TargetGroup } from "#core/ports/aws.ts";
import { ecsService } from "./ecs-service.ts";
import { loadBalancers } from "./load-balancers.ts";

/** Target groups that the ECS service registers with, and the others of its load balancers. */
export const targetGroups = defineFact({
  id: "target-groups",
  needs: { service: ecsService, loadBalancers },
  permissions: ["elasticloadbalancing:DescribeTargetGroups"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, facts, signal }) => {
    const ofService = [
      ...new Set(facts.service?.loadBalancers.map((one) => one.targetGroup) ?? []),
    ];
    const [registered, ...attached] = await Promise.all([
      ofService.length === 0 ? [] : ports.loadBalancing.targetGroups({ arns: ofService }, signal),
      ...facts.loadBalancers.flatMap(({ found }) =>
        found === null
          ? []
          : [ports.loadBalancing.targetGroups({ loadBalancer: found.arn }, signal)],
      ),
    ]);
    const known = new Map([...registered, ...attached.flat()].map((group) => [group.arn, group]));
    const marked: (TargetGroup & { readonly ofService: boolean })[] = [];
    for (const group of known.values()) {
      marked.push({ ...group, ofService: ofService.includes(group.arn) });
    }
    return marked;
  },
});
