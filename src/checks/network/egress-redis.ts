import { defineCheck, degraded, ok } from "#core/check.ts";
import { egressNeeds, egressOptional, judgeEgress } from "#facts/network-path/egress.ts";
import { securityGroupConsole } from "../console.ts";

export const egressRedis = defineCheck({
  id: "network/egress-redis",
  question: "Does the network let the tasks reach Redis?",
  needs: egressNeeds,
  optional: egressOptional,
  outcomes: {
    allowed: ok("Groups, network ACLs and routes let the tasks reach Redis."),
    "blocked-by-group": degraded(
      "A security group does not let the tasks out to Redis: each request asks the auth service anew, or waits.",
      "Restore the rule that the evidence names as missing; see who changed it (changes/recent).",
    ),
    "blocked-by-acl": degraded(
      "A network ACL drops what the tasks send to Redis, or its answers.",
      "Allow the port out and 32768-60999 in, in the ACL that the evidence names.",
    ),
    "no-route": degraded(
      "The tasks' subnet has no way to Redis: no NAT gateway, no endpoint, or a route to something deleted.",
      "Restore the route that the evidence names.",
    ),
  },
  noise: "read",
  consoleLink: securityGroupConsole,
  judge: (facts) => judgeEgress(facts.ends.redis, facts),
});
