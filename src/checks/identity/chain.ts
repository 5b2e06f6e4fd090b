import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import type { LoadBalancer } from "#core/ports/aws.ts";
import { awsIdentity } from "#facts/aws-identity.ts";
import { dnsNames } from "#facts/dns-names.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { listenerRules } from "#facts/listener-rules.ts";
import { finalAction } from "#facts/listener-rules/actions.ts";
import { isMeantForService, landing } from "#facts/listener-rules/landing.ts";
import { leadsTo } from "#facts/listener-rules/leads-to.ts";
import { ownRequest, routeThrough, type PublicRoute } from "#facts/listener-rules/public-route.ts";
import { loadBalancerAddresses } from "#facts/load-balancer-addresses.ts";
import { loadBalancers } from "#facts/load-balancers.ts";
import { serviceGroups, type GroupHealth } from "#facts/target-group/service-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { loadBalancerConsole } from "../console.ts";
import { accountOf, otherPlaces } from "./other-places.ts";

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
  optional: { identity: awsIdentity },
  outcomes: {
    proven: ok("Name, load balancer, rule, target group and service are one chain."),
    "other-account": failing(
      "The credentials read another AWS account or region than the catalogue names: what AWS says is about something else.",
      "Give the bot a role of the right account, or correct account and region in hokusai.yaml.",
    ),
    "dns-elsewhere": failing(
      "The public name does not lead to the load balancer of this service: what we look at in AWS is not what customers reach.",
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
  judge({ names, addresses, balancers, rules, health, tasks, service, identity }, { target }) {
    const api = names.find((one) => one.role === "api");
    const arns = [service?.arn, ...balancers.map((one) => one.found?.arn)];
    const places = otherPlaces(target, identity?.account, arns, api);
    if (places.length > 0) {
      const seen = places.map((one) => `${one.label} ${one.seen}, not ${one.wanted}`).join("; ");
      return found("other-account", seen, places);
    }
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
    // Of our own request every header is known; what others may send is for load-balancer/routing.
    const route = routeThrough(target, "POST", balancer, rules, ownRequest);
    const end = landing(route, new Set(groups.map((group) => group.arn)));
    const evidence = [name, { label: balancer.name, seen: end.seen }, ...drift];
    if (service === null) {
      const none = `no active service ${target.service.ecs.service}`;
      // Others at work there would be another system; nobody at work is what a deleted service leaves.
      return isDeserted(route, health)
        ? cannotTell(
            `${api.host} -> ${balancer.name} -> ${end.seen}, where nobody is registered; ${none}`,
            "see ecs/service-running and changes/recent: it was deleted, or hokusai.yaml names another",
          )
        : found("service-unlinked", none, evidence);
    }
    if (end.where === "undecidable")
      return cannotTell(`${balancer.name}: ${end.seen}`, "read the rule in the console");
    if (groups.length === 0 && end.where === "other-target-group") {
      return found(
        "service-unlinked",
        `${balancer.name}: ${end.seen}; ${service.name} registers with no target group`,
        evidence,
      );
    }
    if (end.where !== "to-service") {
      const arns = new Set(groups.map((group) => group.arn));
      const meant = (one: LoadBalancer): boolean =>
        isMeantForService(landing(routeThrough(target, "POST", one, rules, ownRequest), arns));
      // Two load balancers are normal: where the other one is to serve this, the name is what is wrong.
      const rightful = meant(balancer) ? undefined : known.find(meant);
      if (rightful !== undefined)
        return found(
          "dns-elsewhere",
          `${api.host} leads to ${balancer.name}, and ${rightful.name} is the one that serves it`,
          evidence,
        );
      return found("route-elsewhere", `${balancer.name}: ${end.seen}`, evidence);
    }
    const link = {
      label: service.name,
      seen: `registers with ${groups.map((group) => group.name).join(", ")}, account ${accountOf(service.arn)}`,
    };
    return found("proven", `${api.host} -> ${balancer.name} -> ${end.seen} -> ${service.name}`, [
      ...evidence,
      link,
    ]);
  },
});

/** Whether the rule forwards to groups that we see, and none of them has a target that could answer. */
function isDeserted({ simulated }: PublicRoute, health: readonly GroupHealth[]): boolean {
  const rule = simulated?.rule ?? null;
  const arns = (rule === null ? null : finalAction(rule))?.targetGroups.map((one) => one.arn) ?? [];
  const groups = health.filter((group) => arns.includes(group.arn));
  return (
    arns.length > 0 &&
    groups.length === arns.length &&
    groups.every((group) => group.targets.every((one) => one.state === "draining"))
  );
}
