import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
  type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogsPort } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { listed, orNull, senseless, toUnavailable, type Call } from "./call.ts";
import { present, toIso } from "./values.ts";

export interface LogsSetting {
  readonly client: CloudWatchLogsClient;
  readonly call: Call;
  readonly redactor: Redactor;
}

const missing = "ResourceNotFoundException";
/** What one line may cost: longer ones are cut before anything reads them. */
const longestLine = 4_000;
const pollMs = 250;
const running = new Set(["Running", "Scheduled", "Unknown"]);

export function createLogsPort({ client, call, redactor }: LogsSetting): LogsPort {
  return {
    streams: async (logGroupName, prefix, signal) => {
      const action = "logs:DescribeLogStreams";
      // AWS refuses a prefix together with an order by time.
      const which =
        prefix === null
          ? { orderBy: "LastEventTime" as const, descending: true }
          : { logStreamNamePrefix: prefix };
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(
            new DescribeLogStreamsCommand({ logGroupName, ...which, limit: 10 }),
            options,
          ),
        ),
        missing,
      );
      if (answer === null) return null;
      return listed(action, "logStreams", answer.logStreams).map((one) => ({
        name: one.logStreamName ?? "",
        firstAt: toIso(one.firstEventTimestamp),
        lastAt: toIso(one.lastEventTimestamp),
      }));
    },

    retention: async (group, signal) => {
      const action = "logs:DescribeLogGroups";
      // Sorted by name: the exact one comes first among those that begin like it.
      const answer = await call(action, signal, (options) =>
        client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group, limit: 5 }), options),
      );
      const found = listed(action, "logGroups", answer.logGroups).find(
        (one) => one.logGroupName === group,
      );
      if (found === undefined) return null;
      return { createdAt: toIso(found.creationTime), days: found.retentionInDays ?? null };
    },

    page: async ({ group, streamPrefix, from, to, pattern, token, limit }, signal) => {
      const action = "logs:FilterLogEvents";
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(
            new FilterLogEventsCommand({
              logGroupName: group,
              logStreamNamePrefix: streamPrefix,
              startTime: from,
              endTime: to,
              filterPattern: pattern ?? undefined,
              nextToken: token ?? undefined,
              limit,
            }),
            options,
          ),
        ),
        missing,
      );
      if (answer === null) return null;
      const lines = present(listed(action, "events", answer.events)).map((event) => ({
        at: event.timestamp ?? 0,
        stream: event.logStreamName ?? "",
        text: redactor.text((event.message ?? "").slice(0, longestLine)),
      }));
      return { lines, token: answer.nextToken ?? null };
    },

    insights: async ({ group, from, to, text }, signal) => {
      const started = await call("logs:StartQuery", signal, (options) =>
        client.send(
          new StartQueryCommand({
            logGroupName: group,
            startTime: Math.floor(from / 1000),
            endTime: Math.ceil(to / 1000),
            queryString: text,
            limit: 10_000,
          }),
          options,
        ),
      );
      const queryId = started.queryId;
      if (queryId === undefined) throw senseless("logs:StartQuery", "the answer has no queryId");
      const action = "logs:GetQueryResults";
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- polling
        const answer = await call(action, signal, (options) =>
          client.send(new GetQueryResultsCommand({ queryId }), options),
        );
        const status = answer.status ?? "Unknown";
        if (status === "Complete")
          return listed(action, "results", answer.results).map(toRecord(redactor));
        if (!running.has(status)) throw senseless(action, `the query ended as ${status}`);
        // oxlint-disable-next-line no-await-in-loop -- polling
        await sleep(pollMs, undefined, { signal }).catch(async (error: unknown) => {
          await stop(client, queryId);
          throw toUnavailable(action, error, signal, redactor);
        });
      }
    },
  };
}

/** A query that nobody waits for still costs; stopping it is a courtesy that may fail. */
async function stop(client: CloudWatchLogsClient, queryId: string): Promise<void> {
  await client
    .send(new StopQueryCommand({ queryId }), { abortSignal: AbortSignal.timeout(500) })
    .catch(() => undefined);
}

const toRecord =
  (redactor: Redactor) =>
  (
    row: readonly { field?: string | undefined; value?: string | undefined }[],
  ): Readonly<Record<string, string>> =>
    Object.fromEntries(
      row.flatMap(({ field, value }) =>
        field === undefined || value === undefined ? [] : [[field, redactor.text(value)] as const],
      ),
    );
