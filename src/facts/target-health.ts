import { defineFact } from "#core/fact.ts";
import { targetGroups } from "./target-groups.ts";

/** More groups than this on one load balancer are other people's: those of the service come first. */
const mostGroups = 12;

/** Each target of each group with its state and reason, by the group's ARN. */
export const targetHealth = defineFact({
  id: "target-health",
  needs: { groups: targetGroups },
  permissions: ["elasticloadbalancing:DescribeTargetHealth"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, facts: { groups }, signal }) => {
    const first = groups
      .toSorted((a, b) => Number(b.ofService) - Number(a.ofService))
      .slice(0, mostGroups);
    return Promise.all(
      first.map(async ({ arn, name, ofService }) => ({
        arn,
        name,
        ofService,
        targets: await ports.loadBalancing.targetHealth(arn, signal),
      })),
    );
  },
});
