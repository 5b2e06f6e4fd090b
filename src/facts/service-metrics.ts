import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import type { MetricQuery } from "#core/ports/aws.ts";
import { loadBalancers } from "./load-balancers.ts";

const windowMs = 60 * 60_000;

/** What is counted at each load balancer, by the metric's short name. */
const balancerMetrics = [
  ["requests", "RequestCount", "Sum"],
  ["elb5xx", "HTTPCode_ELB_5XX_Count", "Sum"],
  ["elb4xx", "HTTPCode_ELB_4XX_Count", "Sum"],
  ["target5xx", "HTTPCode_Target_5XX_Count", "Sum"],
  ["target4xx", "HTTPCode_Target_4XX_Count", "Sum"],
  ["connectErrors", "TargetConnectionErrorCount", "Sum"],
  ["p95", "TargetResponseTime", "p95"],
] as const;

/**
 * The last hour of real traffic, a value a minute: at each load balancer (p95 in seconds), and the service's
 * cpu and memory in percent. Keyed predictions come after it, so that they are not in it.
 */
export const serviceMetrics = defineFact({
  id: "service-metrics",
  needs: { loadBalancers },
  permissions: ["cloudwatch:GetMetricData"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 8_000,
  rereadable: true,
  gather: async ({ ports, target, facts, now, signal }) => {
    const { cluster, service } = target.service.ecs;
    const known = facts.loadBalancers.flatMap(({ found }) => (found === null ? [] : [found]));
    const ofBalancers = known.flatMap((one, i) =>
      balancerMetrics.map(([short, metric, statistic]) => ({
        id: `lb${i}_${short}`,
        namespace: "AWS/ApplicationELB",
        metric,
        dimensions: { LoadBalancer: one.arn.split(":loadbalancer/")[1] ?? one.name },
        statistic,
      })),
    );
    const ofService: MetricQuery[] = [
      ["cpu", "CPUUtilization"],
      ["memory", "MemoryUtilization"],
    ].map(([id = "", metric = ""]) => ({
      id,
      namespace: "AWS/ECS",
      metric,
      dimensions: { ClusterName: cluster, ServiceName: service },
      statistic: "Average",
    }));
    const series = await ports.metrics.series(
      [...ofBalancers, ...ofService],
      { from: now - windowMs, to: now, periodSeconds: 60 },
      signal,
    );
    const get = (id: string) => series[id] ?? [];
    return {
      from: isoTime(now - windowMs),
      to: isoTime(now),
      cpu: get("cpu"),
      memory: get("memory"),
      loadBalancers: known.map((one, i) => ({
        name: one.name,
        requests: get(`lb${i}_requests`),
        elb5xx: get(`lb${i}_elb5xx`),
        elb4xx: get(`lb${i}_elb4xx`),
        target5xx: get(`lb${i}_target5xx`),
        target4xx: get(`lb${i}_target4xx`),
        connectErrors: get(`lb${i}_connectErrors`),
        p95: get(`lb${i}_p95`),
      })),
    };
  },
});
