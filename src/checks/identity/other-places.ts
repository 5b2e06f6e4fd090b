import type { Resolution } from "#core/ports/probe.ts";
import type { Target } from "#core/target.ts";

const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** "name-123.us-east-1.elb.amazonaws.com": AWS puts the region into the names of its load balancers. */
const balancerName = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws\.com\.?$/u;

interface Place {
  readonly label: "account" | "region";
  readonly seen: string;
  readonly wanted: string;
}

/**
 * Where account or region is not the catalogue's: as STS says of the credentials, as an ARN says of itself,
 * and, where nothing of the catalogue was found, as the alias of the public name says.
 */
export function otherPlaces(
  target: Target,
  account: string | undefined,
  arns: readonly (string | undefined)[],
  name: Resolution | undefined,
): readonly Place[] {
  const { environment } = target.service;
  const known = arns.flatMap((arn) => (arn === undefined || arn === "" ? [] : [arn]));
  const accounts = [...(account === undefined ? [] : [account]), ...known.map(accountOf)];
  const named = (name?.cnames ?? []).flatMap((one) => balancerName.exec(one)?.[1] ?? []);
  return [
    ...differing("account", accounts, environment.account),
    ...differing("region", known.length > 0 ? known.map(regionOf) : named, environment.region),
  ];
}

const differing = (
  label: Place["label"],
  seen: readonly string[],
  wanted: string | null,
): readonly Place[] =>
  [...new Set(seen)].flatMap((one) =>
    wanted === null || one === "" || one === wanted ? [] : [{ label, seen: one, wanted }],
  );
