import type { Alarm } from "../world/state.ts";
import {
  optionalNumber,
  optionalText,
  optionalTime,
  structures,
  textList,
  toDate,
} from "./call.ts";
import type { Operations } from "./call.ts";
import { AwsError } from "./error.ts";
import { findSeries, invalid, toPoints, toRequest } from "./metric-data.ts";
import { sizeWithin, toPage } from "./paging.ts";

export const cloudwatchOperations: Operations = {
  GetMetricData: (call) => {
    const start = optionalTime(call, "StartTime");
    const end = optionalTime(call, "EndTime");
    if (start === undefined || end === undefined) {
      throw invalid("StartTime and EndTime are required");
    }
    if (start >= end) throw invalid("The parameter StartTime must be less than EndTime");
    const queries = structures(call, "MetricDataQueries");
    if (queries.length === 0 || queries.length > 500) {
      throw invalid("MetricDataQueries must have between 1 and 500 entries");
    }
    const ascending = optionalText(call, "ScanBy") === "TimestampAscending";
    const results = queries
      .map((query) => ({ query, request: toRequest(query) }))
      .filter(({ query }) => query["ReturnData"] !== false)
      .map(({ query, request }) => {
        const points = toPoints(findSeries(call.state, request), request, { start, end });
        const ordered = ascending ? points : points.toReversed();
        return {
          Id: query["Id"],
          Label: query["Label"] ?? request.metricName,
          Timestamps: ordered.map((one) => toDate(one.timestamp)),
          Values: ordered.map((one) => one.value),
          StatusCode: "Complete",
        };
      });
    return { MetricDataResults: results, Messages: [] };
  },

  DescribeAlarms: (call) => {
    const names = textList(call, "AlarmNames", 100);
    const prefix = optionalText(call, "AlarmNamePrefix");
    const state = optionalText(call, "StateValue");
    const types = textList(call, "AlarmTypes");
    const metricsWanted = types.length === 0 || types.includes("MetricAlarm");
    const alarms = call.state.cloudwatch.alarms.filter(
      (one) =>
        metricsWanted &&
        (names.length === 0 || names.includes(one.alarmName)) &&
        (prefix === undefined || one.alarmName.startsWith(prefix)) &&
        (state === undefined || one.stateValue === state),
    );
    const wanted = optionalNumber(call, "MaxRecords");
    const size = sizeWithin(wanted, 50, 100, invalid("MaxRecords must be between 1 and 100"));
    const invalidToken = new AwsError("InvalidNextToken", "The token is not valid");
    const page = toPage(alarms, optionalText(call, "NextToken"), size, invalidToken);
    return {
      MetricAlarms: page.items.map(toAlarm),
      CompositeAlarms: [],
      NextToken: page.next,
    };
  },
};

const toAlarm = (one: Alarm) => ({
  AlarmName: one.alarmName,
  AlarmArn: one.alarmArn,
  ActionsEnabled: true,
  OKActions: [],
  AlarmActions: [],
  InsufficientDataActions: [],
  StateValue: one.stateValue,
  StateReason: one.stateReason,
  StateUpdatedTimestamp: toDate(one.stateUpdatedAt),
  StateTransitionedTimestamp: toDate(one.stateUpdatedAt),
  MetricName: one.metricName,
  Namespace: one.namespace,
  Statistic: "Sum",
  Dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: one.threshold,
  ComparisonOperator: one.comparisonOperator,
});
