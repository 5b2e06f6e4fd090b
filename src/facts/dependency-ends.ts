import { isIP } from "node:net";
import type { Dependencies } from "#core/config.ts";
import { defineFact } from "#core/fact.ts";
import { isPrivate } from "./network-path/cidr.ts";
import type { FarEnd } from "./network-path/way-out.ts";
import { networkInterfaces } from "./network-interfaces.ts";
import { ownGroups } from "./own-groups.ts";

export type DependencyName = "auth" | "redis" | "hub" | "database";

/** Its addresses are empty where the name does not resolve from here, as private names do not. */
export type DependencyEnd = FarEnd;

/**
 * Where the tasks' dependencies are; null for one that the catalogue does not name. The addresses only
 * choose which rules to look at: they are those seen from here. A private name resolves inside the VPC
 * only: then it is what holds the group that the tasks' own egress rule for the port names.
 */
export const dependencyEnds = defineFact({
  id: "dependency-ends",
  needs: { interfaces: networkInterfaces, own: ownGroups },
  permissions: ["ec2:DescribeNetworkInterfaces"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, facts, signal }) => {
    const mine = new Set(facts.interfaces.tasks.flatMap((task) => task.groups));
    const rules = facts.own.filter((group) => mine.has(group.id)).flatMap((group) => group.egress);

    const endOf = async (place: Place | null): Promise<DependencyEnd | null> => {
      if (place === null) return null;
      const { host, port } = place;
      const addresses = await addressesOf(host);
      const inside = addresses.find(isPrivate);
      const interfaces =
        inside === undefined ? [] : await ports.network.interfaces({ address: inside }, signal);
      return {
        host,
        port,
        addresses,
        groups: interfaces[0]?.groups ?? null,
        subnets: interfaces.flatMap((one) => one.subnet ?? []),
      };
    };
    const addressesOf = async (host: string): Promise<readonly string[]> =>
      isIP(host) === 0 ? (await ports.probe.resolve(host, signal)).addresses : [host];

    const insideVpc = async (
      name: string,
      dependency: Dependencies["redis"] | Dependencies["database"],
    ): Promise<DependencyEnd | null> => {
      if (dependency === null) return null;
      const { host, port } = dependency;
      const place = host === null ? null : { host, port };
      const known = await endOf(place);
      if (known !== null && known.addresses.length > 0) return known;
      const groups = [
        ...new Set(rules.filter((rule) => rule.fromPort === port).flatMap((rule) => rule.groups)),
      ];
      const held = await ports.network.interfaces({ groups }, signal);
      return {
        host: host ?? name,
        port,
        addresses: held.flatMap((one) => one.addresses),
        groups: held.length > 0 ? groups : null,
        subnets: [...new Set(held.flatMap((one) => one.subnet ?? []))],
      };
    };

    const { auth, redis, hub, database } = target.service.dependencies;
    const [authEnd, redisEnd, hubEnd, databaseEnd] = await Promise.all([
      endOf(fromUrl(auth?.url ?? null)),
      insideVpc("Redis", redis),
      endOf(fromUrl(hub?.url ?? null)),
      insideVpc("the database", database),
    ]);
    const ends: Readonly<Record<DependencyName, DependencyEnd | null>> = {
      auth: authEnd,
      redis: redisEnd,
      hub: hubEnd,
      database: databaseEnd,
    };
    return ends;
  },
});

interface Place {
  readonly host: string;
  readonly port: number;
}

const fromUrl = (text: string | null): Place | null => {
  if (text === null) return null;
  const url = new URL(text);
  const usual = url.protocol === "http:" ? 80 : 443;
  return {
    host: url.hostname.replace(/^\[|\]$/gu, ""),
    port: url.port === "" ? usual : Number(url.port),
  };
};
