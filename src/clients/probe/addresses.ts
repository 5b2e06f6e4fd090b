import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import type { Network } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";

/** Ranges that are not the public internet (IANA special-purpose registries). */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/128",
  "::1/128",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/** Where clouds hand credentials to whoever asks: never, whatever is allowed. */
const metadata = [
  "169.254.169.254/32",
  "169.254.170.2/32",
  "169.254.170.23/32",
  "100.100.100.200/32",
  "168.63.129.16/32",
  "fd00:ec2::254/128",
  "fd00:ec2::23/128",
];

function toBlockList(ranges: readonly string[], where: string): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    try {
      list.addSubnet(
        address,
        bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits),
        family,
      );
    } catch (cause) {
      throw new HokusaiError("configuration", `${where}: "${range}" is not an address range.`, {
        next: 'Write it as CIDR, such as "10.0.0.0/16".',
        cause,
      });
    }
  }
  return list;
}

/** The IPv4 address inside a mapped, compatible, NAT64 or 6to4 address; null where there is none. */
export function embeddedIpv4(address: string): string | null {
  const groups = ipv6Groups(address);
  if (groups === null) return null;
  const at = (index: number): string => {
    const [high = 0, low = 0] = groups.slice(index, index + 2);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  };
  const zero = (from: number, to: number): boolean =>
    groups.slice(from, to).every((group) => group === 0);
  if (zero(0, 5) && (groups[5] === 0xffff || groups[5] === 0)) return at(6);
  if (zero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return at(6);
  if (groups[0] === 0x64 && groups[1] === 0xff9b && zero(2, 6)) return at(6);
  return groups[0] === 0x2002 ? at(1) : null;
}

function ipv6Groups(address: string): readonly number[] | null {
  const plain = address.split("%")[0] ?? "";
  if (!isIPv6(plain)) return null;
  // URL writes every form as hexadecimal groups.
  const text = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const parse = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => parseInt(group, 16));
  const left = parse(head);
  const right = tail === undefined ? [] : parse(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

export interface AddressPolicy {
  /** Why nothing may connect there; null where it may. */
  problem(address: string): string | null;
  /** Whether the operator has opened this private address to us: then its silence means something. */
  opened(address: string): boolean;
  /** Where a connection to host:port (or its address:port) is really made, by the operator's setting. */
  mapped(
    host: string,
    address: string | null,
    port: number,
  ): { readonly address: string; readonly port: number } | null;
}

export function createAddressPolicy(
  network: Pick<Network, "allowPrivate" | "portMap">,
): AddressPolicy {
  const blocked = toBlockList(special, "special ranges");
  const never = toBlockList(metadata, "metadata addresses");
  const allowed = toBlockList(network.allowPrivate, "network.allowPrivate");
  const portMap = new Map(
    Object.entries(network.portMap).map(([from, to]) => [
      from.toLowerCase(),
      parseAddressPort(from, to),
    ]),
  );
  const within = (list: BlockList, address: string): boolean =>
    list.check(address, isIPv4(address) ? "ipv4" : "ipv6");

  const problem = (address: string): string | null => {
    const plain = address.split("%")[0] ?? "";
    if (isIP(plain) === 0) return `${address} is not an address`;
    const inner = embeddedIpv4(plain);
    for (const candidate of inner === null ? [plain] : [plain, inner]) {
      if (within(never, candidate)) return `${address} is a metadata address`;
    }
    if (within(allowed, plain) || (inner !== null && within(allowed, inner))) return null;
    for (const candidate of inner === null ? [plain] : [plain, inner]) {
      if (within(blocked, candidate)) return `${address} is a private or special address`;
    }
    return null;
  };

  const mapped: AddressPolicy["mapped"] = (host, address, port) =>
    portMap.get(`${host.toLowerCase()}:${port}`) ??
    (address === null
      ? null
      : (portMap.get(`${address}:${port}`) ?? portMap.get(`[${address}]:${port}`) ?? null));

  const opened = (address: string): boolean =>
    isIP(address) !== 0 && within(allowed, address) && problem(address) === null;

  return { problem, opened, mapped };
}

function parseAddressPort(
  from: string,
  to: string,
): { readonly address: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/u.exec(to);
  const address = match?.[1] ?? match?.[2] ?? "";
  const port = Number(match?.[3]);
  if (isIP(address) === 0 || !(port > 0 && port < 65_536)) {
    throw new HokusaiError(
      "configuration",
      `network.portMap["${from}"]: "${to}" is not an address and a port.`,
      {
        next: 'Write it as "127.0.0.1:8443".',
      },
    );
  }
  return { address, port };
}
