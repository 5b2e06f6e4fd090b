import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import type { MetricPoint } from "#core/ports/aws.ts";
import { serviceMetrics } from "#facts/service-metrics.ts";
import { ecsConsole } from "../console.ts";

/** Percent, over the newest minutes. Memory is killed at its limit, cpu only gets slow. */
const limits = { cpu: 85, memory: 90 } as const;
const newest = 5;

const recent = (points: readonly MetricPoint[]): number | null => {
  const last = points.slice(-newest);
  return last.length === 0 ? null : last.reduce((sum, point) => sum + point.value, 0) / last.length;
};

export const saturation = defineCheck({
  id: "metrics/saturation",
  question: "Are cpu and memory within limits?",
  needs: { metrics: serviceMetrics },
  outcomes: {
    within: ok("The service has cpu and memory to spare."),
    saturated: degraded(
      "The service uses nearly all of its cpu or memory: it answers slowly, or is about to be killed.",
      "Raise the task count or size; look for what grew with logs/onset.",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "health"),
  judge({ metrics }) {
    const used = { cpu: recent(metrics.cpu), memory: recent(metrics.memory) };
    if (used.cpu === null && used.memory === null) {
      return cannotTell(
        "CloudWatch has no cpu or memory of the service in the last hour",
        "a service without tasks has none",
      );
    }
    const evidence = (["cpu", "memory"] as const).map((name) => ({
      label: name,
      seen: used[name] === null ? "no data" : `${used[name].toFixed(0)}%`,
      wanted: `below ${limits[name]}%`,
    }));
    const summary = evidence.map((one) => `${one.label} ${one.seen}`).join(", ");
    const over = (used.cpu ?? 0) >= limits.cpu || (used.memory ?? 0) >= limits.memory;
    return found(over ? "saturated" : "within", summary, evidence);
  },
});
