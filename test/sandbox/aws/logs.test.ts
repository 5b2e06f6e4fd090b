import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  paginateFilterLogEvents,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { FilterLogEventsCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendLog } from "../../../src/sandbox/world/state.ts";
import { startBench } from "./start.ts";
import type { Bench } from "./start.ts";

const logGroupName = "/test/lines";
const start = Date.parse("2026-11-20T10:00:00.000Z");
const lines = [
  ["one", "INFO started on 0.0.0.0:8001"],
  ["one", "ERROR auth timeout after 2.0s"],
  ["two", '{"level":"ERROR","status":503,"request":{"path":"/api/v1/models/21/predict"}}'],
  ["two", '{"level":"INFO","status":200,"request":{"path":"/health"}}'],
  ["one", "WARN auth slow"],
  ["two", 'redis.exceptions.ConnectionError: "Error 111"'],
] as const;
const at = (index: number): number => start + index * 60_000;
let bench: Bench;

beforeAll(async () => {
  bench = await startBench(
    (state) => {
      state.logs.groups.push({
        arn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}:*`,
        name: logGroupName,
        creationTime: start,
        streams: [],
      });
      for (const [index, [stream, message]] of lines.entries()) {
        appendLog(state, logGroupName, stream, message, at(index));
      }
    },
    { scanLimit: 2, queryMs: 40 },
  );
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const messages = async (input: Partial<FilterLogEventsCommandInput>): Promise<string[]> => {
  const found: string[] = [];
  const paging = paginateFilterLogEvents(
    { client: bench.clients.logs },
    { logGroupName, ...input },
  );
  for await (const page of paging)
    found.push(...(page.events ?? []).map((one) => one.message ?? ""));
  return found;
};

describe("groups and streams", () => {
  it("describes groups by prefix", async () => {
    const answer = await bench.clients.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/test/" }),
    );
    expect(answer.logGroups).toMatchObject([
      {
        logGroupName,
        creationTime: start,
        arn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}:*`,
        logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`,
      },
    ]);
  });

  it("describes streams, the last written first, in pages", async () => {
    const input = { logGroupName, orderBy: "LastEventTime", descending: true, limit: 1 } as const;
    const first = await bench.clients.logs.send(new DescribeLogStreamsCommand(input));
    const second = await bench.clients.logs.send(
      new DescribeLogStreamsCommand({ ...input, nextToken: first.nextToken }),
    );
    expect(first.logStreams).toMatchObject([
      { logStreamName: "two", firstEventTimestamp: at(2), lastEventTimestamp: at(5) },
    ]);
    expect(second.logStreams?.[0]?.logStreamName).toBe("one");
    expect(second.nextToken).toBeUndefined();
  });

  it("refuses a prefix with LastEventTime, and a group that is not there", async () => {
    const both = new DescribeLogStreamsCommand({
      logGroupName,
      orderBy: "LastEventTime",
      logStreamNamePrefix: "t",
    });
    await expect(bench.clients.logs.send(both)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const absent = new FilterLogEventsCommand({ logGroupName: "/nobody" });
    await expect(bench.clients.logs.send(absent)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
  });
});

describe("FilterLogEvents", () => {
  it("gives empty pages with a nextToken before the one that matches", async () => {
    const pages: number[] = [];
    const paging = paginateFilterLogEvents(
      { client: bench.clients.logs },
      { logGroupName, filterPattern: "redis" },
    );
    for await (const page of paging) pages.push(page.events?.length ?? -1);
    expect(pages).toEqual([0, 0, 1]);
  });

  it("goes backwards where asked, page by page", async () => {
    const found = await messages({ startFromHead: false });
    expect(found).toEqual(lines.map(([, message]) => message).toReversed());
  });

  it("stops a page at the limit without losing or repeating a line", async () => {
    expect(await messages({ limit: 1 })).toEqual(lines.map(([, message]) => message));
  });

  it("goes on where it was when lines were added meanwhile", async () => {
    const { logs } = bench.clients;
    const input = { logGroupName, logStreamNames: ["one"] };
    const first = await logs.send(new FilterLogEventsCommand(input));
    appendLog(bench.state, logGroupName, "one", "late line of an earlier time", at(0) - 1);
    const second = await logs.send(
      new FilterLogEventsCommand({ ...input, nextToken: first.nextToken }),
    );
    const stream = bench.state.logs.groups.find((one) => one.name === logGroupName)?.streams[0];
    stream?.events.shift();
    expect(first.events?.length).toBe(2);
    expect(second.events?.map((one) => one.message)).toEqual(["WARN auth slow"]);
  });

  it.each([
    { pattern: "ERROR auth", expected: [1] },
    { pattern: "?timeout ?slow", expected: [1, 4] },
    { pattern: "auth -timeout", expected: [4] },
    { pattern: '"Error 111"', expected: [5] },
    { pattern: "error", expected: [] },
    { pattern: "%after [0-9]+%", expected: [1] },
    { pattern: '{ $.level = "ERROR" }', expected: [2] },
    { pattern: "{ $.status >= 200 && $.status < 300 }", expected: [3] },
    { pattern: '{ ($.status = 503) || ($.request.path = "/heal*") }', expected: [2, 3] },
    { pattern: '{ $.level != "INFO" }', expected: [2] },
    { pattern: "{ $.missing NOT EXISTS }", expected: [2, 3] },
    { pattern: "", expected: [0, 1, 2, 3, 4, 5] },
  ])("matches $pattern", async ({ pattern, expected }) => {
    const found = await messages({ filterPattern: pattern });
    expect(found).toEqual(expected.map((index) => lines[index]?.[1]));
  });

  it.each(["auth-timeout", "0.0.0.0:8001", "%(group)%", "{ $.level = }", "[a, b]", '"open'])(
    "refuses the pattern %s",
    async (filterPattern) => {
      const call = bench.clients.logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern }),
      );
      await expect(call).rejects.toMatchObject({ name: "InvalidParameterException" });
    },
  );

  it("keeps to streams and times, both ends included", async () => {
    expect(await messages({ logStreamNamePrefix: "tw", startTime: at(2), endTime: at(3) })).toEqual(
      [lines[2][1], lines[3][1]],
    );
    const absent = new FilterLogEventsCommand({ logGroupName, logStreamNames: ["three"] });
    await expect(bench.clients.logs.send(absent)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

describe("GetLogEvents", () => {
  it("walks forward until the token repeats", async () => {
    const found: string[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const answer = await bench.clients.logs.send(
        new GetLogEventsCommand({
          logGroupName,
          logStreamName: "one",
          limit: 2,
          startFromHead: true,
          nextToken,
        }),
      );
      found.push(...(answer.events ?? []).map((one) => one.message ?? ""));
      if (answer.nextForwardToken === nextToken) break;
      nextToken = answer.nextForwardToken;
    }
    expect(found).toEqual([lines[0][1], lines[1][1], lines[4][1]]);
  });

  it("starts at the tail by default and leaves out the end time", async () => {
    const { logs } = bench.clients;
    const tail = await logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName: "two", limit: 1 }),
    );
    expect(tail.events).toMatchObject([{ timestamp: at(5), message: lines[5][1] }]);
    const before = await logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName: "two", endTime: at(5) }),
    );
    expect(before.events?.length).toBe(2);
  });
});

describe("Insights", () => {
  const seconds = { startTime: start / 1000 - 60, endTime: start / 1000 + 3600 };
  const run = async (queryString: string): Promise<Record<string, string>[]> => {
    const { logs } = bench.clients;
    const { queryId } = await logs.send(
      new StartQueryCommand({ logGroupName, queryString, ...seconds }),
    );
    for (;;) {
      const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
      if (answer.status === "Complete") {
        return (answer.results ?? []).map((row) =>
          Object.fromEntries(
            row.filter((one) => one.field !== "@ptr").map((one) => [one.field, one.value ?? ""]),
          ),
        );
      }
      expect(answer.status).toBe("Running");
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  };

  it.each([
    {
      query: "fields @timestamp, @message | filter @message like /(?i)auth/ | sort @timestamp asc",
      rows: [
        { "@timestamp": "2026-11-20 10:01:00.000", "@message": lines[1][1] },
        { "@timestamp": "2026-11-20 10:04:00.000", "@message": lines[4][1] },
      ],
    },
    {
      query: "stats count(*) as lines by bin(5m) as time | sort time desc",
      rows: [
        { time: "2026-11-20 10:05:00.000", lines: "1" },
        { time: "2026-11-20 10:00:00.000", lines: "5" },
      ],
    },
    {
      query: "stats count(*) by @logStream | sort count(*) desc, @logStream | limit 1",
      rows: [{ "@logStream": "one", "count(*)": "3" }],
    },
    {
      query: "filter level = 'ERROR' and status >= 500 | display request.path, status",
      rows: [{ "request.path": "/api/v1/models/21/predict", status: "503" }],
    },
    {
      query:
        "parse @message /after (?<seconds>[\\d.]+)s/ | filter ispresent(seconds) | stats max(seconds) as slowest",
      rows: [{ slowest: "2.0" }],
    },
    {
      query:
        'filter @message like "started" | parse @message "* started on *:*" as level, host, port | display level, port',
      rows: [{ level: "INFO", port: "8001" }],
    },
    {
      query:
        "filter not (@logStream in ['one']) and @message not like 'level' # only plain lines\n| fields @logStream",
      rows: [{ "@logStream": "two" }],
    },
    { query: "filter @message like 'nothing' | stats count() as n", rows: [{ n: "0" }] },
    {
      query:
        "filter ispresent(status) | stats avg(status) as mean, pct(status, 50) as half, count_distinct(level) as levels",
      rows: [{ mean: "351.5", half: "200", levels: "2" }],
    },
    {
      query:
        "fields strlen(level) * 2 as doubled | filter doubled > 0 | dedup level | display doubled, level",
      rows: [
        { doubled: "8", level: "INFO" },
        { doubled: "10", level: "ERROR" },
      ],
    },
  ])("$query", async ({ query, rows }) => {
    expect(await run(query)).toEqual(rows);
  });

  it.each([
    "fields @message | explode 1",
    "stats sum(",
    "filter @message like 5",
    "limit 0",
    "filter made(1) = 1",
  ])("refuses %s as malformed", async (queryString) => {
    const call = bench.clients.logs.send(
      new StartQueryCommand({ logGroupName, queryString, ...seconds }),
    );
    await expect(call).rejects.toMatchObject({ name: "MalformedQueryException" });
  });

  it("stops a running query, and not one that ended", async () => {
    const { logs } = bench.clients;
    const { queryId } = await logs.send(
      new StartQueryCommand({ logGroupName, queryString: "fields @message", ...seconds }),
    );
    const stopped = await logs.send(new StopQueryCommand({ queryId }));
    expect(stopped.success).toBe(true);
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    expect(answer.status).toBe("Cancelled");
    await expect(logs.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});
