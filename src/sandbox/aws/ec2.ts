import type { Operations } from "./call.ts";
import { interfaceOperations } from "./ec2/interfaces.ts";
import { routeOperations } from "./ec2/routes.ts";
import { securityGroupOperations } from "./ec2/security-groups.ts";
import { subnetOperations } from "./ec2/subnets.ts";

export const ec2Operations: Operations = {
  ...securityGroupOperations,
  ...subnetOperations,
  ...routeOperations,
  ...interfaceOperations,
};
