import { isIP } from "node:net";
import type { Dependencies, SecretName } from "#core/config.ts";
import { defineFact } from "#core/fact.ts";
import { isPrivate } from "./network-path/cidr.ts";

export type DependencyName = "auth" | "redis" | "hub" | "database";

export interface DependencyEnd {
  readonly host: string;
  readonly port: number;
  /** Empty where the name does not resolve from here, as private names do not. */
  readonly addresses: readonly string[];
  /** Groups of its interface inside the VPC; null where it is outside, or not known. */
  readonly groups: readonly string[] | null;
}

/**
 * Where the tasks' dependencies are; null for one whose host the catalogue does not name.
 * The addresses only choose which rules to look at: they are those seen from here.
 */
export const dependencyEnds = defineFact({
  id: "dependency-ends",
  needs: {},
  permissions: ["ec2:DescribeNetworkInterfaces"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) => {
    const endOf = async (
      place: { host: string; port: number } | null,
    ): Promise<DependencyEnd | null> => {
      if (place === null) return null;
      const addresses =
        isIP(place.host) === 0
          ? (await ports.probe.resolve(place.host, signal)).addresses
          : [place.host];
      const inside = addresses.find(isPrivate);
      const interfaces =
        inside === undefined ? [] : await ports.network.interfaces({ address: inside }, signal);
      return { ...place, addresses, groups: interfaces[0]?.groups ?? null };
    };
    const { auth, redis, hub, database } = target.service.dependencies;
    const [authEnd, redisEnd, hubEnd, databaseEnd] = await Promise.all([
      endOf(fromUrl(auth?.url ?? null)),
      endOf(placeOf(redis)),
      endOf(fromUrl(hub?.url ?? null)),
      endOf(placeOf(database)),
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

/** A host written apart, or that of a URL that is no secret. */
const placeOf = (
  dependency: Dependencies["redis"] | Dependencies["database"],
): { host: string; port: number } | null => {
  if (dependency === null) return null;
  if (dependency.host !== null) return { host: dependency.host, port: dependency.port };
  const url: SecretName | string | null = dependency.url;
  return typeof url === "string" ? fromUrl(url, dependency.port) : null;
};

const fromUrl = (text: string | null, port = 443): { host: string; port: number } | null => {
  if (text === null) return null;
  const url = new URL(text);
  const usual = url.protocol === "http:" ? 80 : port;
  return {
    host: url.hostname.replace(/^\[|\]$/gu, ""),
    port: url.port === "" ? usual : Number(url.port),
  };
};
