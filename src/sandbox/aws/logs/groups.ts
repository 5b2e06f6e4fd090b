import type { LogGroup, LogStream } from "../../world/state.ts";
import { flag, optionalNumber, optionalText, textList } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { sizeWithin, toPage } from "../paging.ts";
import type { Page } from "../paging.ts";

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", message);

export const noGroup = (): AwsError =>
  new AwsError("ResourceNotFoundException", "The specified log group does not exist.");

/** By name or by ARN, with or without the ":*" that the API itself appends. */
export const findGroup = (call: AwsCall, nameOrArn: string): LogGroup | undefined => {
  const wanted = nameOrArn.replace(/:\*$/u, "");
  return call.state.logs.groups.find(
    (one) => one.name === wanted || one.arn.replace(/:\*$/u, "") === wanted,
  );
};

export const groupOf = (call: AwsCall): LogGroup => {
  const wanted = optionalText(call, "logGroupName") ?? optionalText(call, "logGroupIdentifier");
  if (wanted === undefined) throw invalidParameter("logGroupName is required");
  const group = findGroup(call, wanted);
  if (group === undefined) throw noGroup();
  return group;
};

/** Lines from before this time are gone, by the group's retention; epoch milliseconds. */
export const heldFrom = (call: AwsCall, { retentionInDays }: LogGroup): number =>
  retentionInDays === undefined ? 0 : call.state.now() - retentionInDays * 86_400_000;

export const groupOperations: Operations = {
  DescribeLogGroups: (call) => {
    const prefix = optionalText(call, "logGroupNamePrefix");
    const pattern = optionalText(call, "logGroupNamePattern")?.toLowerCase();
    const wanted = textList(call, "logGroupIdentifiers", 50);
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter("LogGroup name prefix and LogGroup name pattern are exclusive");
    }
    const groups = call.state.logs.groups
      .filter(
        (one) =>
          (prefix === undefined || one.name.startsWith(prefix)) &&
          (pattern === undefined || one.name.toLowerCase().includes(pattern)) &&
          (wanted.length === 0 || wanted.some((each) => findGroup(call, each) === one)),
      )
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const page = pageOf(call, groups);
    return { logGroups: page.items.map(toGroup), nextToken: page.next };
  },

  DescribeLogStreams: (call) => {
    const group = groupOf(call);
    const prefix = optionalText(call, "logStreamNamePrefix");
    const orderBy = optionalText(call, "orderBy") ?? "LogStreamName";
    if (orderBy === "LastEventTime" && prefix !== undefined) {
      throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    const ascending = group.streams
      .filter((one) => prefix === undefined || one.name.startsWith(prefix))
      .toSorted((left, right) =>
        orderBy === "LastEventTime"
          ? lastEventTime(left) - lastEventTime(right)
          : left.name.localeCompare(right.name, "en"),
      );
    const page = pageOf(call, flag(call, "descending") ? ascending.toReversed() : ascending);
    return {
      logStreams: page.items.map((one) => toStream(group, one)),
      nextToken: page.next,
    };
  },
};

const pageOf = <Item>(call: AwsCall, items: readonly Item[]): Page<Item> => {
  const invalidLimit = invalidParameter("limit must be between 1 and 50");
  const size = sizeWithin(optionalNumber(call, "limit"), 50, 50, invalidLimit);
  const invalidToken = invalidParameter("The specified nextToken is invalid.");
  return toPage(items, optionalText(call, "nextToken"), size, invalidToken);
};

const lastEventTime = (stream: LogStream): number => stream.events.at(-1)?.timestamp ?? 0;

const plainArn = (group: LogGroup): string => group.arn.replace(/:\*$/u, "");

const toGroup = (group: LogGroup) => ({
  logGroupName: group.name,
  creationTime: group.creationTime,
  retentionInDays: group.retentionInDays,
  metricFilterCount: 0,
  arn: `${plainArn(group)}:*`,
  logGroupArn: plainArn(group),
  storedBytes: group.streams
    .flatMap((one) => one.events)
    .reduce((sum, event) => sum + event.message.length + 26, 0),
  logGroupClass: "STANDARD",
});

const toStream = (group: LogGroup, stream: LogStream) => ({
  logStreamName: stream.name,
  creationTime: stream.creationTime,
  firstEventTimestamp: stream.events[0]?.timestamp,
  lastEventTimestamp: stream.events.at(-1)?.timestamp,
  lastIngestionTime: stream.events.at(-1)?.ingestionTime,
  uploadSequenceToken: "49039859592556793385186170428",
  arn: `${plainArn(group)}:log-stream:${stream.name}`,
  storedBytes: 0,
});
