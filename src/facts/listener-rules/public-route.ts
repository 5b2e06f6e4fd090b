import type { ValueOf } from "#core/fact.ts";
import type { Listener, LoadBalancer } from "#core/ports/aws.ts";
import { apiUrl, type Target } from "#core/target.ts";
import type { listenerRules } from "../listener-rules.ts";
import type { loadBalancers } from "../load-balancers.ts";
import type { RoutedRequest } from "./conditions.ts";
import { simulate, type Simulated } from "./simulate.ts";

export interface PublicRoute {
  readonly loadBalancer: LoadBalancer;
  /** Null: nothing listens on the port of the public URL. */
  readonly listener: Listener | null;
  readonly simulated: Simulated | null;
}

/** The canonical request of this target, as a load balancer sees it: what a customer sends, at least. */
export function routedRequest(
  target: Target,
  method: string,
  scheme: LoadBalancer["scheme"],
): RoutedRequest {
  const url = new URL(apiUrl(target, "predict"));
  const { header, scheme: word, prefix } = target.service.api.key;
  return {
    host: url.host.replace(/:(?:443|80)$/u, ""),
    path: url.pathname,
    method,
    query: [...url.searchParams].map(([key, value]) => ({ key, value })),
    headers: {
      host: url.host,
      "content-type": "application/json",
      [header.toLowerCase()]: { begins: `${word} ${prefix}`.trimStart() },
    },
    headersComplete: false,
    from: scheme === "internet-facing" ? "internet" : "unknown",
  };
}

/** The same as we send it ourselves: every header is known, of some only how it begins. */
export const ownRequest = (request: RoutedRequest): RoutedRequest => ({
  ...request,
  headers: {
    accept: { begins: "application/json" },
    "user-agent": { begins: "hokusai/" },
    "x-request-id": { begins: "hokusai-" },
    ...request.headers,
  },
  headersComplete: true,
});

/** Where one load balancer sends the request, or another that `as` makes of it. */
export function routeThrough(
  target: Target,
  method: string,
  loadBalancer: LoadBalancer,
  listening: ValueOf<typeof listenerRules>,
  as: (request: RoutedRequest) => RoutedRequest = (request) => request,
): PublicRoute {
  const url = new URL(apiUrl(target, "predict"));
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const listeners =
    listening.find((one) => one.loadBalancer === loadBalancer.name)?.listeners ?? [];
  const listener = listeners.find((one) => one.port === port) ?? null;
  return {
    loadBalancer,
    listener,
    simulated:
      listener === null
        ? null
        : simulate(listener.rules, as(routedRequest(target, method, loadBalancer.scheme))),
  };
}

/**
 * The load balancer that the public name leads to, by its address where DNS tells,
 * else the first that the catalogue names and AWS has.
 */
export function publicLoadBalancer(
  balancers: ValueOf<typeof loadBalancers>,
  resolvesTo: (loadBalancer: LoadBalancer) => boolean,
): LoadBalancer | null {
  const known = balancers.flatMap(({ found }) => (found === null ? [] : [found]));
  return known.find(resolvesTo) ?? known[0] ?? null;
}
