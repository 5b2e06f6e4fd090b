import { cannotTell, defineCheck, degraded, failing, found, lacks, ok, past } from "#core/check.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { networkAcls } from "#facts/network-acls.ts";
import { withLists } from "#facts/network-path/prefix-list-ranges.ts";
import { startSteps, type StartStep } from "#facts/network-path/start.ts";
import { ownGroups } from "#facts/own-groups.ts";
import { prefixLists } from "#facts/prefix-lists.ts";
import { routePrefixLists } from "#facts/route-prefix-lists.ts";
import { routeTables } from "#facts/route-tables.ts";
import { startHosts } from "#facts/start-hosts.ts";
import { subnets } from "#facts/subnets.ts";
import { vpcDns } from "#facts/vpc-dns.ts";
import { vpcEndpoints } from "#facts/vpc-endpoints.ts";
import { vpcConsole } from "../console.ts";

/** Tasks that run have their image and secrets: a way that is gone is noticed at the next start only. */
export const startReach = defineCheck({
  id: "network/start-reach",
  question: "Can the next task reach what it needs to start (registry, secrets, logs)?",
  needs: {
    service: ecsService,
    hosts: startHosts,
    endpoints: vpcEndpoints,
    groups: ownGroups,
    routes: routeTables,
    ranges: subnets,
  },
  optional: { acls: networkAcls, lists: prefixLists, routeLists: routePrefixLists, dns: vpcDns },
  outcomes: {
    reachable: ok(
      "NAT or VPC endpoints lead the next task to the registry, its secrets and its log group.",
    ),
    "no-way": failing(
      "Tasks are lacking, and their subnet has no way to something they need to start: no NAT gateway, no VPC endpoint.",
      "Create the endpoint that the finding names again (with private DNS), or restore the route to a NAT gateway.",
    ),
    blocked: failing(
      "Tasks are lacking, and a security group or network ACL stops them on the way to something they need to start.",
      "Restore the rule that the finding names; an endpoint's group has to let the tasks in on 443.",
    ),
    "next-start-fails": past(
      degraded(
        "Tasks run, and something they needed to start is out of reach now: the next task cannot start.",
        "Restore what the finding names before anything restarts.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => vpcConsole(target, "Endpoints"),
  judge({ service, hosts, endpoints, groups, routes, ranges, acls, lists, routeLists, dns }) {
    if (service === null || service.network === null)
      return cannotTell("it is not known where tasks would run", "see ecs/service-running");
    if (service.launchType !== null && service.launchType !== "FARGATE")
      return cannotTell(
        `on ${service.launchType} the host pulls images and secrets, not the task`,
        "look at the way out of the container instances",
      );
    if (hosts.length === 0)
      return cannotTell("the task definition names no image", "see ecs/service-running");
    if (dns?.support === false)
      return cannotTell("no name resolves inside the VPC", "see network/vpc-dns");
    const steps = startSteps(service.network, hosts, endpoints, dns, {
      groups: withLists(groups, lists ?? {}),
      acls: acls ?? [],
      tables: routes,
      lists: routeLists ?? {},
      subnets: ranges,
    });
    const worst = (to: string): StartStep | undefined => {
      const own = steps.filter((step) => step.to.host === to);
      return (
        own.find((step) => step.verdict === "blocked") ??
        own.find((step) => step.verdict === "undecidable") ??
        own.findLast((step) => step.verdict === "allowed")
      );
    };
    const evidence = hosts.flatMap((host) => {
      const step = worst(host.host);
      const by = step?.endpoint == null ? "" : `${step.endpoint}, `;
      return step === undefined
        ? []
        : [{ label: `${host.what}: ${host.host}`, seen: `${step.verdict}: ${by}${step.by}` }];
    });
    const blocked = steps.find((step) => step.verdict === "blocked");
    if (blocked !== undefined) {
      const said = sentence(blocked);
      if (service.running >= service.desired) return found("next-start-fails", said, evidence);
      return found(blocked.kind === "route" ? "no-way" : "blocked", said, evidence);
    }
    if (acls === undefined) return lacks("acls");
    if (dns === undefined) return lacks("dns");
    const unclear = steps.find((step) => step.verdict === "undecidable");
    if (unclear !== undefined) {
      if (unclear.kind === "group" && lists === undefined) return lacks("lists");
      if (unclear.kind === "route" && routeLists === undefined) return lacks("routeLists");
      return cannotTell(
        `the way to ${unclear.to.host} depends on ${unclear.by}`,
        "read that rule in the console",
      );
    }
    return found("reachable", `${hosts.map((one) => one.what).join(", ")}: reachable`, evidence);
  },
});

function sentence({ subnet, to, endpoint, kind, by }: StartStep): string {
  const way =
    endpoint !== null
      ? `through ${endpoint}`
      : kind === "route" && to.product !== null
        ? `without an endpoint for ${to.product}`
        : "";
  return [`${subnet} -> ${to.host}:443`, way, `is blocked: ${by}`]
    .filter((one) => one !== "")
    .join(" ");
}
