import { GetMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { MetricPoint, MetricsPort } from "#core/ports/aws.ts";
import { listed, type Call } from "./call.ts";
import { allPages, toIso } from "./values.ts";

export interface MetricsSetting {
  readonly client: CloudWatchClient;
  readonly call: Call;
}

export function createMetricsPort({ client, call }: MetricsSetting): MetricsPort {
  return {
    series: async (queries, window, signal) => {
      if (queries.length === 0) return {};
      const action = "cloudwatch:GetMetricData";
      const results = await allPages(async (NextToken) => {
        const answer = await call(action, signal, (options) =>
          client.send(
            new GetMetricDataCommand({
              NextToken,
              StartTime: new Date(window.from),
              EndTime: new Date(window.to),
              ScanBy: "TimestampAscending",
              MetricDataQueries: queries.map((query) => ({
                Id: query.id,
                MetricStat: {
                  Metric: {
                    Namespace: query.namespace,
                    MetricName: query.metric,
                    Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({
                      Name,
                      Value,
                    })),
                  },
                  Period: window.periodSeconds,
                  Stat: query.statistic,
                },
              })),
            }),
            options,
          ),
        );
        return {
          items: listed(action, "MetricDataResults", answer.MetricDataResults),
          token: answer.NextToken,
        };
      });
      const series: Record<string, MetricPoint[]> = Object.fromEntries(
        queries.map((query) => [query.id, []]),
      );
      for (const result of results) {
        const points = series[result.Id ?? ""];
        (result.Timestamps ?? []).forEach((time, i) => {
          const value = result.Values?.[i];
          if (points !== undefined && value !== undefined)
            points.push({ at: toIso(time) ?? "", value });
        });
        points?.sort((a, b) => a.at.localeCompare(b.at));
      }
      return series;
    },
  };
}
