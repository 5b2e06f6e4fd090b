import { defineFact } from "#core/fact.ts";
import { dependencyEnds } from "./dependency-ends.ts";
import { ownGroups } from "./own-groups.ts";

/** The groups of tasks, load balancers and dependencies inside the VPC, with their rules. */
export const securityGroups = defineFact({
  id: "security-groups",
  needs: { own: ownGroups, dependencies: dependencyEnds },
  permissions: ["ec2:DescribeSecurityGroups"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { own, dependencies }, signal }) => {
    const known = new Set(own.map((group) => group.id));
    const ids = Object.values(dependencies)
      .flatMap((end) => end?.groups ?? [])
      .filter((id) => !known.has(id));
    return [...own, ...(await ports.network.securityGroups([...new Set(ids)].toSorted(), signal))];
  },
});
