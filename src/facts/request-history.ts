import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import type { MetricPoint } from "#core/ports/aws.ts";
import { loadBalancers } from "./load-balancers.ts";
import { historySpan } from "./log-history/history-span.ts";

const minuteMs = 60_000;
/** CloudWatch has a minute's counts one or two minutes later: until then nothing there is not none. */
const lagMs = 2 * minuteMs;

const counted = [
  ["requests", "RequestCount"],
  ["elb5xx", "HTTPCode_ELB_5XX_Count"],
  ["target5xx", "HTTPCode_Target_5XX_Count"],
] as const;

/**
 * Requests and errors a minute over six hours (further back where the attempt was earlier), oldest first and
 * without gaps, of all load balancers of the service together. It ends before the run began: its own requests
 * look like everybody's here, and nothing could leave them out. A minute without a point had none.
 */
export const requestHistory = defineFact({
  id: "request-history",
  needs: { loadBalancers },
  permissions: ["cloudwatch:GetMetricData"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: false,
  gather: async ({ ports, facts, reported, now, signal }) => {
    const span = historySpan(reported, now);
    const to = span.to - lagMs;
    const known = facts.loadBalancers.flatMap(({ found }) => (found === null ? [] : [found]));
    const series = await ports.metrics.series(
      known.flatMap((one, i) =>
        counted.map(([short, metric]) => ({
          id: `lb${i}_${short}`,
          namespace: "AWS/ApplicationELB",
          metric,
          dimensions: { LoadBalancer: one.arn.split(":loadbalancer/")[1] ?? one.name },
          statistic: "Sum",
        })),
      ),
      { from: span.from, to, periodSeconds: minuteMs / 1_000 },
      signal,
    );
    const minutes = Math.round((to - span.from) / minuteMs);
    const perMinute = (short: (typeof counted)[number][0]): readonly number[] => {
      const points = known.flatMap(
        (_, i): readonly MetricPoint[] => series[`lb${i}_${short}`] ?? [],
      );
      const sums = Array.from({ length: minutes }, () => 0);
      for (const { at, value } of points) {
        const index = Math.floor((Date.parse(at) - span.from) / minuteMs);
        if (index >= 0 && index < minutes) sums[index] = (sums[index] ?? 0) + value;
      }
      return sums;
    };
    return {
      from: isoTime(span.from),
      to: isoTime(to),
      requests: perMinute("requests"),
      elb5xx: perMinute("elb5xx"),
      target5xx: perMinute("target5xx"),
    };
  },
});
