import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/** Whether names resolve in the tasks' VPC, as far as its own settings go. */
export const vpcDns = defineFact({
  id: "vpc-dns",
  needs: { interfaces: networkInterfaces },
  permissions: ["ec2:DescribeVpcAttribute"],
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
    return { vpc: interfaces.vpc, ...(await ports.network.dns(interfaces.vpc, signal)) };
  },
});
