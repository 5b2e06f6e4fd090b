import { defineCheck, failing, ok } from "#core/check.ts";
import { egressNeeds, egressOptional, judgeEgress } from "#facts/network-path/egress.ts";
import { securityGroupConsole } from "../console.ts";

export const egressAuth = defineCheck({
  id: "network/egress-auth",
  question: "Does the network let the tasks reach the auth service?",
  needs: egressNeeds,
  optional: egressOptional,
  outcomes: {
    allowed: ok("Groups, network ACLs and routes let the tasks reach the auth service."),
    "blocked-by-group": failing(
      "A security group does not let the tasks out to the auth service: requests with a key wait and fail.",
      "Restore the rule that the evidence names as missing; see who changed it (changes/recent).",
    ),
    "blocked-by-acl": failing(
      "A network ACL drops what the tasks send to the auth service, or its answers.",
      "Allow the port out and 32768-60999 in, in the ACL that the evidence names.",
    ),
    "no-route": failing(
      "The tasks' subnet has no way to the auth service: no NAT gateway, no endpoint, or a route to something deleted.",
      "Restore the route that the evidence names.",
    ),
  },
  noise: "read",
  consoleLink: securityGroupConsole,
  judge: (facts) => judgeEgress(facts.ends.auth, facts),
});
