import { isoTime } from "#core/clock.ts";
import type { AccessLogPlace } from "#core/ports/aws.ts";

/** A file holds what one node answered in the five minutes before the time in its name. */
export const intervalMs = 5 * 60_000;

export interface Listing {
  readonly prefix: string;
  readonly after: string;
}

/**
 * What to list for files that end between the two times. The folder is the day of the delivery (UTC), which
 * for a file that ends before midnight may be the next one: every day of the span, each from the first time on.
 */
export function listingsFor(
  arn: string,
  { prefix }: AccessLogPlace,
  from: number,
  to: number,
): readonly Listing[] {
  const [, , , region = "", account = "", resource = ""] = arn.split(":");
  const id = resource.replace(/^loadbalancer\//u, "").replaceAll("/", ".");
  const days = [...new Set([from, to].map((time) => isoTime(time).slice(0, 10)))];
  return days.map((day) => {
    const folder = `AWSLogs/${account}/elasticloadbalancing/${region}/${day.replaceAll("-", "/")}`;
    const file = `${account}_elasticloadbalancing_${region}_${id}_`;
    const start = `${prefix === "" ? "" : `${prefix}/`}${folder}/${file}`;
    return { prefix: start, after: `${start}${stamp(from)}` };
  });
}

/** "20261122T0310Z". */
const stamp = (time: number): string => `${isoTime(time).slice(0, 16).replaceAll(/[-:]/gu, "")}Z`;

const ending = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^/]*\.log(?:\.gz)?$/u;

/** When the interval of a file ended, in milliseconds since the epoch; null where the name does not say. */
export function endOf(key: string): number | null {
  const match = ending.exec(key);
  if (match === null) return null;
  const [year, month, day, hour, minute] = match.slice(1);
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}
