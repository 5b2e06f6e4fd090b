import type { Target } from "#core/target.ts";
import type { AccessEntry } from "./entry.ts";
import { createRouter, type RouteKind } from "./route.ts";

/** Requests that are alike in everything here. */
export interface AccessRow {
  readonly kind: RouteKind;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly targetStatus: number | null;
  readonly target: string | null;
  readonly actions: string | null;
  readonly reason: string | null;
  readonly count: number;
}

export interface Tally {
  /** Most frequent first. */
  readonly rows: readonly AccessRow[];
  /** Requests of rows beyond those. */
  readonly more: number;
  /** Requests of ours, and for other hosts of the same load balancer: in no row. */
  readonly own: number;
  readonly elsewhere: number;
  /** How long this model's predictions took that a target answered. */
  readonly predictions: {
    readonly timed: number;
    /** Longer than promised. */
    readonly slow: number;
    /** Seconds; null where they are too few for a percentile. */
    readonly p95: number | null;
  };
}

const mostRows = 80;
const fewestForP95 = 20;
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts, and nothing that could tell one caller from another. */
export function tally(entries: readonly AccessEntry[], target: Target): Tally {
  const host = new URL(target.service.api.url).hostname;
  const routeOf = createRouter(target);
  const theirs = entries.filter((entry) => !entry.own);
  const here = theirs.filter((entry) => entry.host === host);
  const rows = new Map<string, AccessRow>();
  const seconds: number[] = [];
  for (const entry of here) {
    const { kind, pattern: path } = routeOf(entry.path);
    const row = {
      kind,
      method: methods.has(entry.method) ? entry.method : "other",
      path,
      status: entry.status,
      targetStatus: entry.targetStatus,
      target: entry.target,
      actions: entry.actions,
      reason: entry.reason,
    };
    const key = JSON.stringify(row);
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + 1 });
    if (kind === "prediction" && entry.targetStatus !== null && entry.targetSeconds !== null)
      seconds.push(entry.targetSeconds);
  }
  const sorted = [...rows].toSorted(
    ([a, one], [b, two]) => two.count - one.count || (a < b ? -1 : 1),
  );
  const kept = sorted.slice(0, mostRows).map(([, row]) => row);
  const ordered = seconds.toSorted((a, b) => a - b);
  return {
    rows: kept,
    more: here.length - kept.reduce((sum, { count }) => sum + count, 0),
    own: entries.length - theirs.length,
    elsewhere: theirs.length - here.length,
    predictions: {
      timed: ordered.length,
      slow: ordered.filter((one) => one > target.prediction.withinSeconds).length,
      p95:
        ordered.length < fewestForP95
          ? null
          : (ordered[Math.ceil(ordered.length * 0.95) - 1] ?? null),
    },
  };
}
