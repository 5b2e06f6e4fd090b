import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type { AccessLogPlace, ObjectsPort } from "#core/ports/aws.ts";
import { toEntry } from "./access-log/entry.ts";
import { endOf, intervalMs, listingsFor } from "./access-log/files.ts";
import { tally, type Tally } from "./access-log/tally.ts";
import { loadBalancers } from "./load-balancers.ts";

export interface AccessLog extends Tally {
  /** ISO 8601: what the files cover. Load balancers publish every five minutes, so it ends before now. */
  readonly from: string;
  readonly to: string;
  readonly files: number;
  /** False where there was more to read than was read: the newest files were. */
  readonly complete: boolean;
  /** Lines of the files that are no entry. */
  readonly unreadable: number;
  /** Load balancers of the catalogue that keep no access log. */
  readonly off: readonly string[];
}

const windowMs = 15 * 60_000;
const mostFiles = 8;
const mostBytes = 8 * 1024 * 1024;

/**
 * The newest 15 minutes of the access logs, counted by path, status and target, without our own requests.
 * Addresses, user agents, query strings and trace ids of callers are read past and not kept.
 */
export const accessLog = defineFact({
  id: "access-log",
  needs: { loadBalancers },
  permissions: [
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "s3:ListBucket",
    "s3:GetObject",
  ],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 10_000,
  // The files of a moment ago are the files of now.
  rereadable: false,
  gather: async ({ ports, target, facts, now, signal }): Promise<AccessLog> => {
    const known = facts.loadBalancers.flatMap(({ found }) => found ?? []);
    const places = await Promise.all(
      known.map(async ({ arn, name }) => ({
        arn,
        name,
        place: await ports.loadBalancing.accessLog(arn, signal),
      })),
    );
    const off = places.flatMap(({ name, place }) => (place === null ? name : []));
    if (off.length === places.length) throw switchedOff(off);
    const from = now - windowMs;
    const listed = await Promise.all(
      places.flatMap(({ arn, name, place }) =>
        place === null
          ? []
          : listingsFor(arn, place, from, now).map(async (listing) => ({
              bucket: place.bucket,
              ...(await keysIn(ports.objects, name, place, listing, signal)),
            })),
      ),
    );
    const files = listed
      .flatMap(({ bucket, keys }) => keys.map((key) => ({ bucket, key, end: endOf(key) ?? 0 })))
      .filter(({ end }) => end > from)
      .toSorted((a, b) => b.end - a.end || (a.key < b.key ? -1 : 1));
    const newest = files.slice(0, mostFiles);
    const each = Math.floor(mostBytes / Math.max(1, newest.length));
    // File by file as they come: eight megabytes at once would hold up whoever else is answered here.
    const read = await Promise.all(
      newest.map(async ({ bucket, key }) => {
        const found = await ports.objects.text({ bucket, key, mostBytes: each }, signal);
        const lines = (found?.text ?? "").split("\n").filter((line) => line !== "");
        const entries = lines.flatMap((line) => toEntry(line) ?? []);
        return { entries, unreadable: lines.length - entries.length, whole: found?.cut === false };
      }),
    );
    const readFrom = Math.max(from, (newest.at(-1)?.end ?? now) - intervalMs);
    const entries = read.flatMap((one) => one.entries).filter(({ at }) => at >= readFrom);
    return {
      from: isoTime(readFrom),
      to: isoTime(Math.min(newest[0]?.end ?? now, now)),
      files: newest.length,
      complete:
        files.length <= mostFiles &&
        listed.every((one) => one.complete) &&
        read.every(({ whole }) => whole),
      unreadable: read.reduce((sum, one) => sum + one.unreadable, 0),
      off,
      ...tally(entries, target),
    };
  },
});

async function keysIn(
  objects: ObjectsPort,
  name: string,
  { bucket }: AccessLogPlace,
  listing: { readonly prefix: string; readonly after: string },
  signal: AbortSignal,
): Promise<{ readonly keys: readonly string[]; readonly complete: boolean }> {
  const found = await objects.list({ bucket, ...listing }, signal);
  if (found !== null) return found;
  throw new FactUnavailable({
    reason: "broken",
    detail: `${name} writes its access log to the bucket ${bucket}, which does not exist: entries are lost`,
    mend: "create the bucket again with a policy that lets Elastic Load Balancing write, or name another one",
  });
}

const switchedOff = (names: readonly string[]): FactUnavailable =>
  names.length === 0
    ? new FactUnavailable({
        reason: "not-applicable",
        detail: "there is no load balancer of the catalogue's names",
        mend: "see identity/catalogue",
        availability: "moot",
      })
    : notApplicable(
        `the access log of ${names.join(" and ")} is switched off`,
        "switch it on where you want it: attribute access_logs.s3.enabled with a bucket that Elastic Load Balancing may write to, and s3:ListBucket and s3:GetObject on that bucket for the bot",
      );
