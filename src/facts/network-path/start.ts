import type { ValueOf } from "#core/fact.ts";
import type { EcsService, VpcDns } from "#core/ports/aws.ts";
import type { StartHost } from "../start-hosts.ts";
import type { vpcEndpoints } from "../vpc-endpoints.ts";
import { wayOut, type OutStep, type Surroundings } from "./way-out.ts";

type Endpoints = ValueOf<typeof vpcEndpoints>;
type Endpoint = Endpoints["endpoints"][number];

export interface StartStep extends OutStep {
  readonly subnet: string;
  readonly to: StartHost;
  /** The interface endpoint that takes the service's name over; null where it leads to AWS itself. */
  readonly endpoint: string | null;
}

/**
 * The way from where the next task would be placed to everything it needs to start. Inside a VPC the name of a
 * service leads to an interface endpoint with private DNS, whether or not there is another way.
 */
export function startSteps(
  network: NonNullable<EcsService["network"]>,
  hosts: readonly StartHost[],
  { endpoints, groups, acls }: Endpoints,
  dns: Pick<VpcDns, "hostnames"> | undefined,
  around: Surroundings,
): readonly StartStep[] {
  const known = new Set(around.groups.map((one) => one.id));
  const whole: Surroundings = {
    ...around,
    groups: [...around.groups, ...groups.filter((one) => !known.has(one.id))],
    acls: [...new Map([...around.acls, ...acls].map((acl) => [acl.id, acl])).values()],
  };
  return network.subnets.flatMap((subnet) =>
    hosts.flatMap((to) => {
      const endpoint = dns?.hostnames === false ? null : standsIn(endpoints, to);
      const place = {
        address: null,
        ipv6: null,
        subnet,
        groups: network.securityGroups,
        publicIp: network.publicIp,
      };
      const far =
        endpoint === null
          ? { host: to.host, port: 443, addresses: to.addresses, groups: null, subnets: [] }
          : {
              host: to.host,
              port: 443,
              addresses: endpoint.addresses,
              groups: endpoint.groups,
              subnets: endpoint.subnets,
            };
      return wayOut(place, far, whole).map((step) => ({
        ...step,
        subnet,
        to,
        endpoint: endpoint?.id ?? null,
      }));
    }),
  );
}

const standsIn = (endpoints: readonly Endpoint[], { product }: StartHost): Endpoint | null =>
  endpoints.find(
    (one) =>
      product !== null &&
      one.type === "interface" &&
      one.state === "available" &&
      one.privateDns &&
      // "com.amazonaws.us-east-1.ecr.api"; S3's own name goes by routes where a gateway endpoint is there too.
      one.service.endsWith(`.${product}`) &&
      !(product === "s3" && endpoints.some((other) => isGateway(other, one.service))),
  ) ?? null;

const isGateway = (one: Endpoint, service: string): boolean =>
  one.type === "gateway" && one.service === service;
