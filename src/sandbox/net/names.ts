/** The world's zone as seen from inside the VPC and from the internet. */
import type { VpcEndpoint, WorldState } from "../world/state.ts";

export type View = "inside" | "outside";

export type NameAnswer =
  | {
      code: "NOERROR";
      chain: { name: string; target: string; ttl: number }[];
      addresses: Address[];
    }
  | { code: "NXDOMAIN" | "SERVFAIL"; chain: { name: string; target: string; ttl: number }[] };

export interface Address {
  name: string;
  type: "A" | "AAAA";
  address: string;
  ttl: number;
}

/** Amazon's resolver, which everything inside asks, answers only where the VPC's DNS support is on. */
export const isResolverOn = (state: WorldState): boolean =>
  state.ec2.vpcs.every((vpc) => vpc.enableDnsSupport);

/** Private zones, and with them the private names of endpoints, exist only with DNS hostnames on. */
const hasPrivateZones = (state: WorldState): boolean =>
  state.ec2.vpcs.every((vpc) => vpc.enableDnsSupport && vpc.enableDnsHostnames);

/** The public name that an interface endpoint takes over inside its VPC. */
export const privateNameOf = (state: WorldState, endpoint: VpcEndpoint): string => {
  const product = endpoint.serviceName.replace(`com.amazonaws.${state.region}.`, "");
  const host = product === "ecr.dkr" ? "*.dkr.ecr" : product.split(".").toReversed().join(".");
  return `${host}.${state.region}.amazonaws.com`;
};

const takenOver = (state: WorldState, name: string): Address[] | null => {
  const endpoint = state.ec2.vpcEndpoints.find((one) => {
    if (one.vpcEndpointType !== "Interface" || !one.privateDnsEnabled || one.state !== "available")
      return false;
    const known = privateNameOf(state, one);
    return known.startsWith("*") ? name.endsWith(known.slice(1)) : name === known;
  });
  if (endpoint === undefined) return null;
  return state.ec2.networkInterfaces
    .filter((one) => endpoint.networkInterfaceIds.includes(one.networkInterfaceId))
    .map((one) => ({ name, type: "A", address: one.privateIpAddress, ttl: 60 }));
};

export const resolveName = (state: WorldState, asked: string, view: View): NameAnswer => {
  let name = asked.toLowerCase().replace(/\.$/, "");
  const chain: { name: string; target: string; ttl: number }[] = [];
  for (let hop = 0; hop < 8; hop += 1) {
    const current = name;
    if (state.dns.failing.includes(current)) return { code: "SERVFAIL", chain };
    const isPrivate = current.endsWith(".local");
    const sees = view === "inside" && hasPrivateZones(state);
    if (isPrivate && !sees) return { code: "NXDOMAIN", chain };
    const endpoint = sees ? takenOver(state, current) : null;
    if (endpoint !== null) return { code: "NOERROR", chain, addresses: endpoint };
    const records = state.dns.records.filter((one) => one.name === current);
    const alias = records.find((one) => one.type === "CNAME");
    if (alias !== undefined) {
      chain.push({ name: current, target: alias.target, ttl: alias.ttl });
      name = alias.target;
      continue;
    }
    const own = records.filter((one) => one.type !== "CNAME");
    const addresses = own.length > 0 ? own : discovered(state, current);
    return addresses === null ? { code: "NXDOMAIN", chain } : { code: "NOERROR", chain, addresses };
  }
  return { code: "SERVFAIL", chain };
};

/** Cloud Map publishes its instances as A records of `<service>.<namespace>`. */
const discovered = (state: WorldState, name: string): Address[] | null => {
  for (const service of state.cloudMap.services) {
    const namespace = state.cloudMap.namespaces.find((one) => one.id === service.namespaceId);
    if (namespace === undefined || `${service.name}.${namespace.name}` !== name) continue;
    return service.instances
      .filter((one) => one.healthStatus !== "UNHEALTHY")
      .map((one) => ({
        name,
        type: "A",
        address: one.attributes["AWS_INSTANCE_IPV4"] ?? "",
        ttl: service.dnsRecords[0]?.ttl ?? 60,
      }));
  }
  return null;
};
