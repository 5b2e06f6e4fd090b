import { defineFact } from "#core/fact.ts";
import { dependencyEnds } from "./dependency-ends.ts";

/** The network ACLs at the other end: those of the subnets that dependencies inside the VPC sit in. */
export const dependencyAcls = defineFact({
  id: "dependency-acls",
  needs: { ends: dependencyEnds },
  permissions: ["ec2:DescribeNetworkAcls"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { ends }, signal }) => {
    const subnets = Object.values(ends).flatMap((end) => end?.subnets ?? []);
    return ports.network.acls([...new Set(subnets)].toSorted(), signal);
  },
});
