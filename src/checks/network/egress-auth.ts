import { defineCheck, failing, ok } from "#core/check.ts";
import { dependencyEnds } from "#facts/dependency-ends.ts";
import { networkAcls } from "#facts/network-acls.ts";
import { networkInterfaces } from "#facts/network-interfaces.ts";
import { judgeEgress } from "#facts/network-path/egress.ts";
import { prefixLists } from "#facts/prefix-lists.ts";
import { routeTables } from "#facts/route-tables.ts";
import { securityGroups } from "#facts/security-groups.ts";
import { subnets } from "#facts/subnets.ts";
import { securityGroupConsole } from "../console.ts";

export const egressAuth = defineCheck({
  id: "network/egress-auth",
  question: "Does the network let the tasks reach the auth service?",
  needs: { interfaces: networkInterfaces, groups: securityGroups, ends: dependencyEnds },
  optional: { acls: networkAcls, routes: routeTables, subnets, lists: prefixLists },
  outcomes: {
    allowed: ok("Groups, network ACLs and routes let the tasks reach the auth service."),
    "blocked-by-group": failing(
      "A security group does not let the tasks out to the auth service: requests with a key wait and fail.",
      "Restore the rule that the evidence names as missing; see who changed it (changes/recent).",
    ),
    "blocked-by-acl": failing(
      "A network ACL drops what the tasks send to the auth service, or its answers.",
      "Allow the port out and 1024-65535 in, in the ACL that the evidence names.",
    ),
    "no-route": failing(
      "The tasks' subnet has no way to the auth service: no NAT gateway, no endpoint, or a route to something deleted.",
      "Restore the route that the evidence names.",
    ),
  },
  noise: "read",
  consoleLink: securityGroupConsole,
  judge: ({ ends, interfaces, groups, acls, routes, subnets: ranges, lists }) =>
    judgeEgress(ends.auth, { interfaces, groups, acls, routes, subnets: ranges, lists }),
});
