import { cannotTell, defineCheck, failing, found, lacks, ok } from "#core/check.ts";
import { networkAcls } from "#facts/network-acls.ts";
import { networkInterfaces } from "#facts/network-interfaces.ts";
import { inboundSteps } from "#facts/network-path/inbound.ts";
import { namesLists, withLists } from "#facts/network-path/prefix-list-ranges.ts";
import { prefixLists } from "#facts/prefix-lists.ts";
import { securityGroups } from "#facts/security-groups.ts";
import { subnets } from "#facts/subnets.ts";
import { targetGroups } from "#facts/target-groups.ts";
import { securityGroupConsole } from "../console.ts";

/** Groups remember connections; network ACLs do not, so answers need the ephemeral ports as well. */
export const inbound = defineCheck({
  id: "network/inbound",
  question: "Does the network let the load balancer reach the tasks?",
  needs: { interfaces: networkInterfaces, groups: securityGroups, targetGroups },
  optional: { acls: networkAcls, subnets, lists: prefixLists },
  outcomes: {
    allowed: ok("Groups and network ACLs let traffic and health checks through, both ways."),
    "blocked-by-group": failing(
      "A security group does not let the load balancer reach the tasks on the port: requests time out (504).",
      "Allow the port from the load balancer's group in the tasks' group; see who changed it (changes/recent).",
    ),
    "blocked-by-acl": failing(
      "A network ACL drops the requests or the answers between load balancer and tasks.",
      "Allow the port one way and 1024-65535 the other in the ACL that the evidence names.",
    ),
  },
  noise: "read",
  consoleLink: securityGroupConsole,
  judge({ interfaces, groups, targetGroups: known, acls, subnets: ranges, lists }, { target }) {
    const attached = new Set(
      known.filter((one) => one.ofService).flatMap((one) => one.loadBalancers.map(nameOf)),
    );
    // Where no rule leads to the service, the first of the catalogue is the one that should.
    const balancers = interfaces.loadBalancers.filter((one, i) =>
      attached.size === 0 ? i === 0 : attached.has(one.name),
    );
    if (balancers.length === 0)
      return cannotTell("no load balancer of the service is known", "see identity/chain");
    if (interfaces.tasks.length === 0)
      return cannotTell("it is not known where tasks would run", "see ecs/service-running");
    const checked = known
      .filter((one) => one.ofService)
      .flatMap(({ healthCheck }) => Number(healthCheck.port ?? "") || []);
    const ports = [...new Set([target.service.ecs.port, ...checked])];
    const spelt = withLists(groups, lists ?? {});
    const steps = balancers.flatMap((balancer) =>
      interfaces.tasks.flatMap((task) =>
        ports.flatMap((port) =>
          inboundSteps(balancer, task, port, spelt, acls ?? [], ranges ?? []),
        ),
      ),
    );
    const evidence = [
      ...(interfaces.fromConfiguration
        ? [{ label: "tasks", seen: "none is up: the service's configuration is judged" }]
        : []),
      ...steps
        .slice(0, 12)
        .map((step) => ({ label: step.label, seen: `${step.verdict}: ${step.by}` })),
    ];
    const blocked = steps.find((step) => step.verdict === "blocked");
    if (blocked !== undefined) {
      return found(
        blocked.kind === "acl" ? "blocked-by-acl" : "blocked-by-group",
        `${blocked.label}: ${blocked.by}`,
        evidence,
      );
    }
    if (acls === undefined) return lacks("acls");
    if (lists === undefined && namesLists(groups)) return lacks("lists");
    const unclear = steps.find((step) => step.verdict === "undecidable");
    if (unclear !== undefined)
      return cannotTell(`depends on ${unclear.by}`, "read that rule in the console");
    return found(
      "allowed",
      `TCP ${ports.join(" and ")} from ${balancers.map((one) => one.name).join(", ")} is let through`,
      evidence,
    );
  },
});

/** "arn:...:loadbalancer/app/main/0123" -> "main". */
const nameOf = (arn: string): string => arn.split("/")[2] ?? arn;
