import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import { dnsNames } from "#facts/dns-names.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { listenerRules } from "#facts/listener-rules.ts";
import { landing, type Landing } from "#facts/listener-rules/landing.ts";
import { leadsTo } from "#facts/listener-rules/leads-to.ts";
import { publicLoadBalancer, routeThrough } from "#facts/listener-rules/public-route.ts";
import { loadBalancerAddresses } from "#facts/load-balancer-addresses.ts";
import { loadBalancers } from "#facts/load-balancers.ts";
import { serviceGroups } from "#facts/target-group/service-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { loadBalancerConsole } from "../console.ts";

const ending = (one: Landing): string =>
  one.shadows === null ? one.seen : `${one.seen}, which shadows ${one.shadows}`;

/** The exact POST of the customer through the listener's rules, in their order. */
export const routing = defineCheck({
  id: "load-balancer/routing",
  question: "Where does the load balancer send the exact request?",
  needs: { balancers: loadBalancers, rules: listenerRules, health: targetHealth },
  optional: { tasks: ecsTasks, names: dnsNames, addresses: loadBalancerAddresses },
  outcomes: {
    "to-service": ok("The rule that takes the request forwards it to the service's target group."),
    "other-target-group": failing(
      "A rule takes the request before the right one and forwards it to another target group.",
      "Correct that rule's conditions or priority; the evidence shows which rule it shadows.",
    ),
    "fixed-response": failing(
      "The load balancer answers the request itself, with a fixed response.",
      "Add or repair the rule that forwards this host and path to the service.",
    ),
    redirect: failing(
      "The load balancer redirects the request: clients lose their POST body or end at another host.",
      "Repair the rule so that this host and path is forwarded.",
    ),
    "no-listener": failing(
      "Nothing listens on the port of the public URL.",
      "Create the listener again, with its certificate.",
    ),
    "weight-zero": failing(
      "The rule names the service's target group with weight 0: it gets no request.",
      "Give the service's group its weight back.",
    ),
  },
  noise: "read",
  consoleLink: loadBalancerConsole,
  judge({ balancers, rules, health, tasks, names, addresses }, { target }) {
    const api = names?.find((one) => one.role === "api");
    const balancer = publicLoadBalancer(balancers, (one) => leadsTo(api, one, addresses ?? []));
    if (balancer === null) {
      return cannotTell(
        "AWS has none of the load balancers that the catalogue names",
        "correct loadBalancers in hokusai.yaml",
      );
    }
    const own = new Set(serviceGroups(health, tasks ?? []).map((group) => group.arn));
    const post = landing(routeThrough(target, "POST", balancer, rules), own);
    const get = landing(routeThrough(target, "GET", balancer, rules), own);
    const evidence = [
      { label: `POST through ${balancer.name}`, seen: ending(post) },
      { label: `GET through ${balancer.name}`, seen: ending(get) },
      ...post.notes.map((seen) => ({ label: "note", seen })),
    ];
    if (post.where === "undecidable")
      return cannotTell(post.seen, "read the rule in the console: it looks at what we do not know");
    if (own.size === 0 && post.where === "other-target-group") {
      return cannotTell("which target group is the service's is not known", "see identity/chain");
    }
    return found(post.where, `${balancer.name}: ${ending(post)}`, evidence);
  },
});
