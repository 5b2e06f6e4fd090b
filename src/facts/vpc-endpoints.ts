import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { networkInterfaces } from "./network-interfaces.ts";

/**
 * The endpoints of the tasks' VPC, with what decides who may use them: the addresses of their interfaces,
 * the rules of their groups and the ACLs of their subnets.
 */
export const vpcEndpoints = defineFact({
  id: "vpc-endpoints",
  needs: { interfaces: networkInterfaces },
  permissions: [
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeNetworkAcls",
  ],
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
    const endpoints = await ports.network.endpoints(interfaces.vpc, signal);
    const all = (of: "interfaces" | "groups" | "subnets"): readonly string[] =>
      [...new Set(endpoints.flatMap((one) => one[of]))].toSorted();
    const [attached, groups, acls] = await Promise.all([
      ports.network.interfaces({ ids: all("interfaces") }, signal),
      ports.network.securityGroups(all("groups"), signal),
      ports.network.acls(all("subnets"), signal),
    ]);
    return {
      endpoints: endpoints.map((one) => ({
        ...one,
        addresses: attached
          .filter((each) => one.interfaces.includes(each.id))
          .flatMap((each) => each.addresses),
      })),
      groups,
      acls,
    };
  },
});
