import type { RouteTable } from "#core/ports/aws.ts";
import { overlap } from "./cidr.ts";
import type { Hop } from "./reach.ts";

type Route = RouteTable["routes"][number];
type Lists = Readonly<Record<string, readonly string[]>>;

/**
 * The route of a subnet to an address: its own table or the main one. The longest prefix wins, and at the same
 * length a range before a prefix list ("How route priority works", Amazon VPC user guide).
 * `destination` null: some place on the internet. `lists`: ranges by prefix list; one that is not here may lead
 * anywhere.
 */
export function throughRoutes(
  tables: readonly RouteTable[],
  subnet: string,
  destination: string | null,
  publicIp: boolean,
  lists: Lists = {},
): Hop {
  const table =
    tables.find((one) => one.subnets.includes(subnet)) ?? tables.find((one) => one.main);
  if (table === undefined)
    return { verdict: "undecidable", by: `no route table is known for ${subnet}` };
  const place = destination ?? "the internet";
  const hop = (one: Match): Hop => hopOf(table.id, one, publicIp || place.includes(":"));
  const [best, ...others] = matching(table.routes, destination, lists);
  const unread = table.routes.find((one) => isUnread(one, destination, lists));
  if (best === undefined) {
    return unread === undefined
      ? { verdict: "blocked", by: `${table.id}: no route to ${place}` }
      : {
          verdict: "undecidable",
          by: `${table.id}: only the prefix list ${unread.destination} may lead to ${place}`,
        };
  }
  const taken = hop(best);
  const rivals = [
    // AWS takes any one of several lists with the same range.
    ...others.filter(
      (one) => one.list !== null && best.list !== null && one.length === best.length,
    ),
    ...(unread === undefined ? [] : [{ route: unread, length: 0, list: unread.destination }]),
  ];
  const rival = rivals.map(hop).find((one) => one.verdict !== taken.verdict);
  return rival === undefined
    ? taken
    : { verdict: "undecidable", by: `${taken.by}, or ${rival.by}` };
}

interface Match {
  readonly route: Route;
  readonly length: number;
  /** The prefix list that the range is from. */
  readonly list: string | null;
}

const isList = (route: Route): boolean => route.destination.startsWith("pl-");

/** What a list holds cannot be told, or cannot be compared with an address that is not known. */
const isUnread = (route: Route, destination: string | null, lists: Lists): boolean =>
  isList(route) && (destination === null || lists[route.destination] === undefined);

function matching(
  routes: readonly Route[],
  destination: string | null,
  lists: Lists,
): readonly Match[] {
  return routes
    .flatMap((route): readonly Match[] => {
      const ranges = isList(route) ? (lists[route.destination] ?? []) : [route.destination];
      const fitting = ranges.filter((range) =>
        destination === null ? range === "0.0.0.0/0" : overlap(range, destination) === "all",
      );
      const lengths = fitting.map((range) => Number(range.split("/")[1] ?? 32));
      return lengths.length === 0
        ? []
        : [{ route, length: Math.max(...lengths), list: isList(route) ? route.destination : null }];
    })
    .toSorted((a, b) => b.length - a.length || Number(a.list !== null) - Number(b.list !== null));
}

const hopOf = (table: string, { route }: Match, isPublic: boolean): Hop => {
  const said = `${table}: ${route.destination}`;
  if (route.state === "blackhole")
    return { verdict: "blocked", by: `${said} leads to ${route.via}, which is gone` };
  if (route.via.startsWith("igw-") && !isPublic) {
    return {
      verdict: "blocked",
      by: `${said} leads to ${route.via}, and the task has no public address`,
    };
  }
  return { verdict: "allowed", by: `${said} via ${route.via}` };
};
