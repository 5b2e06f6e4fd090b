import type { ValueOf } from "#core/fact.ts";
import type { Listener, LoadBalancer } from "#core/ports/aws.ts";
import { apiUrl, type Target } from "#core/target.ts";
import type { listenerRules } from "../listener-rules.ts";
import type { loadBalancers } from "../load-balancers.ts";
import { simulate, type RoutedRequest, type Simulated } from "./simulate.ts";

export interface PublicRoute {
  readonly loadBalancer: LoadBalancer;
  /** Null: nothing listens on the port of the public URL. */
  readonly listener: Listener | null;
  readonly simulated: Simulated | null;
}

/** The canonical request of this target, as a load balancer sees it. */
export function routedRequest(target: Target, method: string): RoutedRequest {
  const url = new URL(apiUrl(target, "predict"));
  const { header, scheme } = target.service.api.key;
  return {
    host: url.host.replace(/:(?:443|80)$/u, ""),
    path: url.pathname,
    method,
    query: [...url.searchParams].map(([key, value]) => ({ key, value })),
    headers: {
      host: url.host,
      "content-type": "application/json",
      [header.toLowerCase()]: `${scheme} hk_`.trim(),
    },
  };
}

/** Where one load balancer sends the request; `loadBalancer` by its name in the catalogue. */
export function routeThrough(
  target: Target,
  method: string,
  loadBalancer: LoadBalancer,
  listening: ValueOf<typeof listenerRules>,
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
    simulated: listener === null ? null : simulate(listener.rules, routedRequest(target, method)),
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
