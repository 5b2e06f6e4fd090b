import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { stepChange } from "#core/step-change.ts";
import { serviceMetrics } from "#facts/service-metrics.ts";
import { loadBalancerConsole } from "../console.ts";

const limitSeconds = 1;
const windowMs = 15 * 60_000;
/** A p95 of a minute with fewer requests is a maximum by another name. */
const fewest = 20;
/** So many earlier minutes tell whether it was any faster before. */
const fewestBefore = 5;

export const latency = defineCheck({
  id: "metrics/latency",
  question: "Is the p95 of real traffic below one second?",
  needs: { metrics: serviceMetrics },
  outcomes: {
    within: ok("The 95th percentile of real requests was below one second."),
    slow: degraded(
      "The 95th percentile of real requests has risen above one second.",
      "See what changed then (changes/recent), metrics/saturation, and whether a dependency is slow (dependencies/*).",
    ),
    "slow-throughout": degraded(
      "The 95th percentile of real requests was above one second all through the last hour.",
      "Nothing of this hour made it so: compare with yesterday in CloudWatch before you look for a cause in what changed.",
    ),
  },
  noise: "lasting",
  consoleLink: loadBalancerConsole,
  judge({ metrics }) {
    const since = new Date(Date.parse(metrics.to) - windowMs).toISOString();
    const judged = metrics.loadBalancers.map((one) => ({
      name: one.name,
      requests: one.requests
        .filter((point) => point.at >= since)
        .reduce((sum, point) => sum + point.value, 0),
      p95: one.p95.filter((point) => point.at >= since).map((point) => point.value),
      all: one.p95,
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
    const typical = busy.map(({ p95, ...one }) => ({
      ...one,
      minutes: p95.length,
      median: p95.toSorted((a, b) => a - b)[Math.floor(p95.length / 2)] ?? 0,
    }));
    const evidence = typical.map((one) => ({
      label: one.name,
      seen: `${one.median.toFixed(2)} s`,
      wanted: `below ${limitSeconds} s`,
    }));
    const [worst] = typical.toSorted((a, b) => b.median - a.median);
    const { median = 0, all = [], minutes = 0 } = worst ?? {};
    const summary = `p95 ${median.toFixed(2)} s at ${worst?.name ?? ""} (median of ${minutes} minutes, ${worst?.requests ?? 0} requests)`;
    if (median < limitSeconds) return found("within", summary, evidence);
    if (all.length - minutes < fewestBefore) return found("slow", summary, evidence);
    const step = stepChange(all.map(({ value }) => (value < limitSeconds ? 0 : 1)));
    if (step === null)
      return found("slow-throughout", `${summary}, as all through the last hour`, evidence);
    const from = all[step.at]?.at.slice(11, 16) ?? "";
    return found("slow", `${summary}, slow since about ${from} UTC`, evidence);
  },
});
