/** One metric query against the recorded samples: statistics and percentiles, no metric math. */
import type { MetricPoint, MetricSeries, WorldState } from "../world/state.ts";
import { AwsError } from "./error.ts";

export const invalid = (message: string): AwsError => new AwsError("ValidationError", message);

interface MetricRequest {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly period: number;
  readonly statistic: (samples: readonly number[]) => number;
}

export const toRequest = (query: Record<string, unknown>): MetricRequest => {
  if (typeof query["Expression"] === "string") {
    throw invalid(
      `Error in expression '${String(query["Id"])}': metric math is not supported here`,
    );
  }
  const stat = record(query["MetricStat"]);
  const metric = record(stat["Metric"]);
  const period = Number(stat["Period"]);
  if (!Number.isInteger(period) || period < 60 || period % 60 !== 0) {
    throw invalid("Period must be a multiple of 60 seconds");
  }
  const dimensions = Array.isArray(metric["Dimensions"]) ? metric["Dimensions"].map(record) : [];
  return {
    namespace: String(metric["Namespace"]),
    metricName: String(metric["MetricName"]),
    dimensions: Object.fromEntries(
      dimensions.map((one) => [String(one["Name"]), String(one["Value"])]),
    ),
    period: period * 1000,
    statistic: toStatistic(String(stat["Stat"])),
  };
};

const record = (value: unknown): Record<string, unknown> => {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw invalid("A metric query needs MetricStat with Metric, Period and Stat");
};

/** A metric is its namespace, name and exactly its dimensions; one that has others is another. */
export const findSeries = (state: WorldState, request: MetricRequest): MetricSeries | undefined =>
  state.cloudwatch.metrics.find(
    (one) =>
      one.namespace === request.namespace &&
      one.metricName === request.metricName &&
      Object.keys(one.dimensions).length === Object.keys(request.dimensions).length &&
      Object.entries(request.dimensions).every(([name, value]) => one.dimensions[name] === value),
  );

/** Oldest first; periods without samples have no value at all, they are not zero. */
export const toPoints = (
  series: MetricSeries | undefined,
  request: MetricRequest,
  range: { start: number; end: number },
): { timestamp: number; value: number }[] => {
  const floor = (time: number): number => Math.floor(time / request.period) * request.period;
  const within = (series?.points ?? []).filter(
    (one: MetricPoint) =>
      one.samples.length > 0 && one.timestamp >= floor(range.start) && one.timestamp < range.end,
  );
  return [...Map.groupBy(within, (one) => floor(one.timestamp))]
    .map(([timestamp, points]) => ({
      timestamp,
      value: request.statistic(points.flatMap((one) => one.samples)),
    }))
    .toSorted((left, right) => left.timestamp - right.timestamp);
};

const sum = (samples: readonly number[]): number => samples.reduce((total, one) => total + one, 0);

const toStatistic = (name: string): ((samples: readonly number[]) => number) => {
  if (name === "Sum") return sum;
  if (name === "Average") return (samples) => sum(samples) / samples.length;
  if (name === "Minimum") return (samples) => samples.reduce((a, b) => Math.min(a, b));
  if (name === "Maximum") return (samples) => samples.reduce((a, b) => Math.max(a, b));
  if (name === "SampleCount") return (samples) => samples.length;
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?|100)$/u.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) throw invalid(`The value ${name} for parameter Stat is not supported`);
  return (samples) => {
    const ordered = samples.toSorted((a, b) => a - b);
    return ordered[Math.max(0, Math.ceil((percent / 100) * ordered.length) - 1)] ?? 0;
  };
};
