import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { dnsNames } from "#facts/dns-names.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { listenerRules } from "#facts/listener-rules.ts";
import { landing } from "#facts/listener-rules/landing.ts";
import { leadsTo } from "#facts/listener-rules/leads-to.ts";
import { routeThrough } from "#facts/listener-rules/public-route.ts";
import { loadBalancerAddresses } from "#facts/load-balancer-addresses.ts";
import { loadBalancers } from "#facts/load-balancers.ts";
import { serviceGroups } from "#facts/target-group/service-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { loadBalancerConsole } from "../console.ts";

/** That what AWS shows is what customers reach: without this, a healthy service proves nothing. */
export const chain = defineCheck({
  id: "identity/chain",
  question: "Does the public URL lead to this service?",
  needs: {
    names: dnsNames,
    addresses: loadBalancerAddresses,
    balancers: loadBalancers,
    rules: listenerRules,
    health: targetHealth,
    tasks: ecsTasks,
    service: ecsService,
  },
  outcomes: {
    proven: ok("Name, load balancer, rule, target group and service are one chain."),
    "dns-elsewhere": failing(
      "The public name does not lead to any load balancer of the catalogue: what we look at in AWS is not what customers reach.",
      "Compare the DNS record with the load balancer's name; correct the record, or loadBalancers in hokusai.yaml.",
    ),
    "route-elsewhere": failing(
      "The load balancer does not send this request to the service's target group.",
      "See load-balancer/routing for the rule that takes it.",
    ),
    "service-unlinked": failing(
      "The target group that gets the requests does not belong to the ECS service.",
      "See which service registers its tasks there; correct the service, or hokusai.yaml.",
    ),
  },
  noise: "read",
  consoleLink: loadBalancerConsole,
  judge({ names, addresses, balancers, rules, health, tasks, service }, { target }) {
    const api = names.find((one) => one.role === "api");
    if (api === undefined || api.problem !== null) {
      return cannotTell(
        `the public name does not resolve (${api?.problem?.code ?? "not asked"})`,
        "see dns/external-names",
      );
    }
    const known = balancers.flatMap(({ found: one }) => (one === null ? [] : [one]));
    const drift = balancers
      .filter((one) => one.found === null)
      .map((one) => ({ label: one.name, seen: "not in AWS", wanted: "as in the catalogue" }));
    const name = {
      label: api.host,
      seen: [...api.cnames, ...api.addresses].join(", "),
      wanted: known.map((one) => one.dnsName).join(" or "),
    };
    const balancer = known.find((one) => leadsTo(api, one, addresses));
    if (balancer === undefined) {
      return found(
        "dns-elsewhere",
        `${api.host} leads to ${api.cnames.at(-1) ?? api.addresses.join(", ")}`,
        [name, ...drift],
      );
    }
    const groups = serviceGroups(health, tasks);
    const end = landing(
      routeThrough(target, "POST", balancer, rules),
      new Set(groups.map((group) => group.arn)),
    );
    const evidence = [name, { label: balancer.name, seen: end.seen }, ...drift];
    if (service === null)
      return found("service-unlinked", `no active service ${target.service.ecs.service}`, evidence);
    if (end.where === "undecidable")
      return cannotTell(`${balancer.name}: ${end.seen}`, "read the rule in the console");
    if (groups.length === 0 && end.where === "other-target-group") {
      return found(
        "service-unlinked",
        `${balancer.name}: ${end.seen}; ${service.name} registers with no target group`,
        evidence,
      );
    }
    if (end.where !== "to-service")
      return found("route-elsewhere", `${balancer.name}: ${end.seen}`, evidence);
    const account = service.arn.split(":")[4] ?? "";
    const wanted = target.service.environment.account;
    const link = {
      label: service.name,
      seen: `registers with ${groups.map((group) => group.name).join(", ")}, account ${account}`,
    };
    return found("proven", `${api.host} -> ${balancer.name} -> ${end.seen} -> ${service.name}`, [
      ...evidence,
      wanted === null || wanted === account ? link : { ...link, wanted: `account ${wanted}` },
    ]);
  },
});
