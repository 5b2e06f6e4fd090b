import { cannotTell, defineCheck, failing, found, ok } from "#core/check.ts";
import type { LoadBalancer } from "#core/ports/aws.ts";
import { apiUrl } from "#core/target.ts";
import { dnsNames } from "#facts/dns-names.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { listenerRules } from "#facts/listener-rules.ts";
import { isMeantForService, landing, type Landing } from "#facts/listener-rules/landing.ts";
import { leadsTo } from "#facts/listener-rules/leads-to.ts";
import { publicLoadBalancer, routeThrough } from "#facts/listener-rules/public-route.ts";
import type { Rewritten } from "#facts/listener-rules/transform.ts";
import { loadBalancerAddresses } from "#facts/load-balancer-addresses.ts";
import { loadBalancers } from "#facts/load-balancers.ts";
import { openapi, type OpenApi } from "#facts/openapi.ts";
import { serviceGroups } from "#facts/target-group/service-groups.ts";
import { targetHealth } from "#facts/target-health.ts";
import { loadBalancerConsole } from "../console.ts";
import { operationsOf } from "../routes/matching.ts";

const mostPassed = 5;

const ending = (one: Landing): string =>
  one.shadows === null ? one.seen : `${one.seen}, which shadows ${one.shadows}`;

/** What another method meets, where that is another rule: "; rule 10 before it takes GET ...". */
const apart = (post: Landing, get: Landing, path: string): string => {
  if (get.seen === post.seen) return "";
  const sooner = (get.priority ?? Infinity) < (post.priority ?? Infinity);
  return `; GET ${path} is ${sooner ? "taken first by" : "left to"} ${get.seen}`;
};

/** The exact POST of the customer through the listener's rules, in their order. */
export const routing = defineCheck({
  id: "load-balancer/routing",
  question: "Where does the load balancer send the exact request?",
  needs: { balancers: loadBalancers, rules: listenerRules, health: targetHealth },
  optional: { tasks: ecsTasks, names: dnsNames, addresses: loadBalancerAddresses, api: openapi },
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
    "login-first": failing(
      "The rule wants a log-in before it forwards: whoever comes with an API key alone is sent to a page, or refused.",
      "Take the log-in off the rule of the API, or give the API's paths a rule of their own before it.",
    ),
    rewritten: failing(
      "The rule forwards to the service and rewrites the request on its way to one that the API does not serve.",
      "Correct or remove the rule's transform; the evidence shows what the service gets.",
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
  judge({ balancers, rules, health, tasks, names, addresses, api }, { target }) {
    const publicName = names?.find((one) => one.role === "api");
    const reached = publicLoadBalancer(balancers, (one) =>
      leadsTo(publicName, one, addresses ?? []),
    );
    if (reached === null) {
      return cannotTell(
        "AWS has none of the load balancers that the catalogue names",
        "correct loadBalancers in hokusai.yaml",
      );
    }
    const own = new Set(serviceGroups(health, tasks ?? []).map((group) => group.arn));
    // A name that leads astray is for identity/chain: here counts what would happen once it is right.
    const meant = (one: LoadBalancer): boolean =>
      isMeantForService(landing(routeThrough(target, "POST", one, rules), own));
    const known = balancers.flatMap(({ found: one }) => (one === null ? [] : [one]));
    const balancer = meant(reached) ? reached : (known.find(meant) ?? reached);
    const post = landing(routeThrough(target, "POST", balancer, rules), own);
    const get = landing(routeThrough(target, "GET", balancer, rules), own);
    const { pathname } = new URL(apiUrl(target, "predict"));
    const changed = changeOf(post.rewrite);
    const evidence = [
      { label: `POST ${pathname} through ${balancer.name}`, seen: ending(post) },
      { label: `GET ${pathname} through ${balancer.name}`, seen: ending(get) },
      ...post.passed
        .slice(0, mostPassed)
        .map(({ rule, because }) => ({ label: rule, seen: `does not take it: ${because}` })),
      ...(changed === null ? [] : [{ label: "the service gets", seen: changed, wanted: pathname }]),
      ...post.notes.map((seen) => ({ label: "note", seen })),
    ];
    if (post.where === "undecidable")
      return cannotTell(post.seen, "read the rule in the console: it looks at what we do not know");
    if (own.size === 0 && post.where === "other-target-group") {
      return cannotTell("which target group is the service's is not known", "see identity/chain");
    }
    const summary = `${balancer.name}: ${ending(post)}${apart(post, get, pathname)}`;
    if (post.where !== "to-service" || changed === null)
      return found(post.where, summary, evidence);
    const served = isServed(post.rewrite, api);
    if (served === null) {
      return cannotTell(
        `${summary}; ${changed}, and whether the API serves that is not known`,
        "let the bot read openapi.json, or send a keyed prediction",
      );
    }
    return found(served ? "to-service" : "rewritten", `${summary}; ${changed}`, evidence);
  },
});

const changeOf = (rewrite: Rewritten): string | null => {
  if (rewrite.is === "same") return null;
  if (rewrite.is === "changed") return `rewritten to ${rewrite.host}${rewrite.path}`;
  return rewrite.is === "fails"
    ? `its rewrite fails and gives 500: ${rewrite.because}`
    : `rewritten in a way that is not certain: ${rewrite.because}`;
};

/** Null: nobody can tell. */
const isServed = (rewrite: Rewritten, api: OpenApi | undefined): boolean | null => {
  if (rewrite.is === "fails") return false;
  if (rewrite.is !== "changed" || api === undefined || api.operations.length === 0) return null;
  return operationsOf(api, rewrite.path).some((one) => one.methods.includes("POST"));
};
