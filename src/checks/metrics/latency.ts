import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { serviceMetrics } from "#facts/service-metrics.ts";
import { loadBalancerConsole } from "../console.ts";

const limitSeconds = 1;
const windowMs = 15 * 60_000;
/** A p95 of a minute with fewer requests is a maximum by another name. */
const fewest = 20;

export const latency = defineCheck({
  id: "metrics/latency",
  question: "Is the p95 of real traffic below one second?",
  needs: { metrics: serviceMetrics },
  outcomes: {
    within: ok("The 95th percentile of real requests was below one second."),
    slow: degraded(
      "The 95th percentile of real requests was above one second.",
      "See metrics/saturation, and whether a dependency is slow (dependencies/*).",
    ),
  },
  noise: "log",
  consoleLink: loadBalancerConsole,
  judge({ metrics }) {
    const since = new Date(Date.parse(metrics.to) - windowMs).toISOString();
    const judged = metrics.loadBalancers.map((one) => ({
      name: one.name,
      requests: one.requests
        .filter((point) => point.at >= since)
        .reduce((sum, point) => sum + point.value, 0),
      p95: one.p95.filter((point) => point.at >= since).map((point) => point.value),
    }));
    const busy = judged.filter((one) => one.requests >= fewest && one.p95.length > 0);
    if (busy.length === 0) {
      const count = judged.reduce((sum, one) => sum + one.requests, 0);
      return cannotTell(
        `${count} requests in 15 minutes are too few for a p95`,
        "wait for traffic; prediction/latency takes its own sample",
      );
    }
    // Minutes cannot be merged into one percentile: the median minute stands for the window.
    const typical = busy.map(({ name, requests, p95 }) => {
      const sorted = p95.toSorted((a, b) => a - b);
      return {
        name,
        requests,
        minutes: p95.length,
        median: sorted[Math.floor(p95.length / 2)] ?? 0,
      };
    });
    const worst = typical.toSorted((a, b) => b.median - a.median)[0];
    const median = worst?.median ?? 0;
    const summary = `p95 ${median.toFixed(2)} s at ${worst?.name ?? ""} (median of ${worst?.minutes ?? 0} minutes, ${worst?.requests ?? 0} requests)`;
    const evidence = typical.map((one) => ({
      label: one.name,
      seen: `${one.median.toFixed(2)} s`,
      wanted: `below ${limitSeconds} s`,
    }));
    return found(median < limitSeconds ? "within" : "slow", summary, evidence);
  },
});
