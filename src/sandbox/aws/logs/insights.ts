import type { LogEvent, LogGroup } from "../../world/state.ts";
import { uuid } from "../../world/state.ts";
import { optionalNumber, optionalText, requiredText, textList } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { findGroup, heldFrom, invalidParameter, noGroup } from "./groups.ts";
import { compileQuery } from "./insights/query.ts";
import { toText } from "./insights/values.ts";
import type { Row, Value } from "./insights/values.ts";

interface RunningQuery {
  readonly readyAt: number;
  cancelled: boolean;
  readonly answer: { results: { field: string; value: string }[][]; statistics: object };
}

/** StartQuery, GetQueryResults, StopQuery; a query runs for `queryMs` before it is complete. */
export const createInsightsOperations = (queryMs: number): Operations => {
  const queries = new Map<string, RunningQuery>();
  const queryOf = (call: AwsCall): RunningQuery => {
    const query = queries.get(requiredText(call, "queryId"));
    if (query !== undefined) return query;
    throw new AwsError("ResourceNotFoundException", "The specified query does not exist.");
  };
  const isOver = (query: RunningQuery): boolean => performance.now() >= query.readyAt;

  return {
    StartQuery: (call) => {
      const run = compileQuery(requiredText(call, "queryString"));
      const groups = groupsOf(call);
      const rows = eventsOf(call, groups);
      const limit = optionalNumber(call, "limit") ?? 10_000;
      const found = run(rows);
      const shown = found.rows.slice(0, limit);
      const queryId = uuid();
      queries.set(queryId, {
        readyAt: performance.now() + queryMs,
        cancelled: false,
        answer: {
          results: shown.map((row) => toFields(row, found.columns)),
          statistics: {
            recordsMatched: found.matched,
            recordsScanned: rows.length,
            bytesScanned: rows.reduce((sum, row) => sum + String(row.get("@message")).length, 0),
            logGroupsScanned: groups.length,
            estimatedRecordsSkipped: 0,
            estimatedBytesSkipped: 0,
          },
        },
      });
      return { queryId };
    },

    GetQueryResults: (call) => {
      const query = queryOf(call);
      const none = { results: [], statistics: { recordsMatched: 0, recordsScanned: 0 } };
      if (query.cancelled) return { queryLanguage: "CWLI", ...none, status: "Cancelled" };
      if (!isOver(query)) return { queryLanguage: "CWLI", ...none, status: "Running" };
      return { queryLanguage: "CWLI", ...query.answer, status: "Complete" };
    },

    StopQuery: (call) => {
      const query = queryOf(call);
      if (query.cancelled || isOver(query)) {
        throw invalidParameter("The specified query has already ended.");
      }
      query.cancelled = true;
      return { success: true };
    },
  };
};

const groupsOf = (call: AwsCall): LogGroup[] => {
  const name = optionalText(call, "logGroupName");
  const names = [
    ...(name === undefined ? [] : [name]),
    ...textList(call, "logGroupNames", 50),
    ...textList(call, "logGroupIdentifiers", 50),
  ];
  if (names.length === 0) throw invalidParameter("A query needs at least one log group");
  return names.map((one) => {
    const group = findGroup(call, one);
    if (group === undefined) throw noGroup();
    return group;
  });
};

/** Newest first. startTime and endTime are epoch seconds here, unlike those of FilterLogEvents. */
const eventsOf = (call: AwsCall, groups: readonly LogGroup[]): Row[] => {
  const start = optionalNumber(call, "startTime");
  const end = optionalNumber(call, "endTime");
  if (start === undefined || end === undefined || end < start) {
    throw invalidParameter("Query's end date and time is either before its start or not given");
  }
  return groups
    .flatMap((group) =>
      group.streams.flatMap((stream) =>
        stream.events
          .filter(
            ({ timestamp }) =>
              timestamp >= Math.max(start * 1000, heldFrom(call, group)) && timestamp <= end * 1000,
          )
          .map((event) => ({ event, row: toRow(call, group, stream.name, event) })),
      ),
    )
    .toSorted((left, right) => right.event.timestamp - left.event.timestamp)
    .map(({ row }) => row);
};

const toRow = (call: AwsCall, group: LogGroup, stream: string, event: LogEvent): Row =>
  new Map<string, Value>([
    ...discovered(event.message),
    ["@timestamp", new Date(event.timestamp)],
    ["@ingestionTime", new Date(event.ingestionTime)],
    ["@message", event.message],
    ["@logStream", stream],
    ["@log", `${call.state.account}:${group.name}`],
    ["@ptr", Buffer.from(event.eventId).toString("base64url")],
  ]);

/** Fields that Insights finds by itself in a JSON line: "level", "request.status". */
const discovered = (message: string): [string, Value][] => {
  if (!message.startsWith("{")) return [];
  try {
    return flatten("", JSON.parse(message));
  } catch {
    return [];
  }
};

const flatten = (prefix: string, value: unknown): [string, Value][] => {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(prefix === "" ? key : `${prefix}.${key}`, inner),
    );
  }
  if (value === null || value === undefined) return [];
  return [
    [
      prefix,
      typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value),
    ],
  ];
};

const toFields = (row: Row, columns: readonly string[]) => {
  const named = row.has("@ptr") ? [...new Set([...columns, "@ptr"])] : columns;
  return named.flatMap((field) => {
    const value = row.get(field);
    return value === undefined ? [] : [{ field, value: toShown(value) }];
  });
};

const toShown = (value: Value): string =>
  typeof value === "boolean" ? String(Number(value)) : toText(value);
