import type { ValueOf } from "#core/fact.ts";
import type { LoadBalancer } from "#core/ports/aws.ts";
import type { Resolution } from "#core/ports/probe.ts";
import type { loadBalancerAddresses } from "../load-balancer-addresses.ts";

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.$/u, "")
    .replace(/^dualstack\./u, "");

/** Whether a public name leads to this load balancer: through its alias, or by one of its addresses. */
export function leadsTo(
  name: Resolution | undefined,
  loadBalancer: LoadBalancer,
  addresses: ValueOf<typeof loadBalancerAddresses>,
): boolean {
  if (name === undefined) return false;
  if (name.cnames.some((alias) => plain(alias) === plain(loadBalancer.dnsName))) return true;
  const own = addresses.find((one) => one.name === loadBalancer.name)?.addresses ?? [];
  return name.addresses.some((address) => own.includes(address));
}
