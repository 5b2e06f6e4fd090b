import type { MetricPoint } from "#core/ports/aws.ts";

const minuteMs = 60_000;
const windowMs = 15 * minuteMs;

type Counted = "requests" | "elb5xx" | "target5xx" | "target4xx";

/** Real traffic of the last 15 minutes, counted over all load balancers. */
export interface RecentAnswers {
  /** Also what no target got, which is in no RequestCount. */
  readonly all: number;
  readonly elb5xx: number;
  readonly target5xx: number;
  readonly target4xx: number;
}

/** What this run sent itself is left out: its last minute is the one before the run began. */
export function recentAnswers(
  metrics: {
    readonly loadBalancers: readonly Readonly<Record<Counted, readonly MetricPoint[]>>[];
  },
  /** Milliseconds since the epoch. */
  startedAt: number,
): RecentAnswers {
  const end = Math.floor(startedAt / minuteMs) * minuteMs;
  const total = (counted: Counted): number =>
    metrics.loadBalancers
      .flatMap((one) => one[counted])
      .filter(({ at }) => Date.parse(at) >= end - windowMs && Date.parse(at) < end)
      .reduce((sum, point) => sum + point.value, 0);
  const elb5xx = total("elb5xx");
  const target5xx = total("target5xx");
  const target4xx = total("target4xx");
  const all = Math.max(total("requests"), elb5xx + target5xx + target4xx);
  return { all, elb5xx, target5xx, target4xx };
}
