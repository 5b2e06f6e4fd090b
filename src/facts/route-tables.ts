import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** The route tables of the VPC that the tasks are in. */
export const routeTables = defineFact({
  id: "route-tables",
  needs: { interfaces: networkInterfaces },
  permissions: ["ec2:DescribeRouteTables"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, facts: { interfaces }, signal }) => {
    if (interfaces.vpc === null) {
      throw notApplicable(
        "neither tasks nor load balancers tell which VPC",
        "name a load balancer in hokusai.yaml",
      );
    }
    return ports.network.routeTables(interfaces.vpc, signal);
  },
});
