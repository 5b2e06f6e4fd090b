import { BlockList, isIP } from "node:net";

/** "10.0.0.0/16" as network and prefix length; null where it is no CIDR range. */
export function toRange(
  cidr: string,
): { network: string; prefix: number; family: "ipv4" | "ipv6" } | null {
  const [network = "", length] = cidr.split("/");
  const version = isIP(network);
  if (version === 0) return null;
  const prefix = length === undefined ? (version === 4 ? 32 : 128) : Number(length);
  return { network, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** How much of `inner` (a range or an address) lies in `outer`. */
export function overlap(outer: string, inner: string): "all" | "part" | "none" {
  const [wide, narrow] = [toRange(outer), toRange(inner)];
  if (wide === null || narrow === null || wide.family !== narrow.family) return "none";
  if (contains(wide, narrow.network) && wide.prefix <= narrow.prefix) return "all";
  return contains(narrow, wide.network) ? "part" : "none";
}

const contains = (
  range: { network: string; prefix: number; family: "ipv4" | "ipv6" },
  address: string,
): boolean => {
  const list = new BlockList();
  list.addSubnet(range.network, range.prefix, range.family);
  return list.check(address, range.family);
};

export const isPrivate = (address: string): boolean =>
  [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
  ].some((range) => overlap(range, address) === "all");
