import { flag, optionalNumber, optionalText, requiredText } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { sizeWithin } from "../paging.ts";
import { groupOf, invalidParameter } from "./groups.ts";

/** The API's own limit of events in one answer. */
const maxEvents = 10_000;

export const readOperations: Operations = {
  GetLogEvents: (call) => {
    const group = groupOf(call);
    const name = requiredText(call, "logStreamName");
    const stream = group.streams.find((one) => one.name === name);
    if (stream === undefined) {
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const start = optionalNumber(call, "startTime") ?? 0;
    const end = optionalNumber(call, "endTime") ?? Infinity;
    const within = stream.events.filter((one) => one.timestamp >= start && one.timestamp < end);
    const limit = limitOf(call);
    const { from, to } = windowOf(call, within.length, limit);
    return {
      events: within.slice(from, to).map(({ timestamp, message, ingestionTime }) => ({
        timestamp,
        message,
        ingestionTime,
      })),
      // At either end the token that was given comes back: that is how a reader knows.
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    };
  },
};

export const limitOf = (call: AwsCall): number =>
  sizeWithin(
    optionalNumber(call, "limit"),
    maxEvents,
    maxEvents,
    invalidParameter(`limit must be between 1 and ${maxEvents}`),
  );

const windowOf = (call: AwsCall, length: number, limit: number): { from: number; to: number } => {
  const token = optionalText(call, "nextToken");
  if (token === undefined) {
    if (flag(call, "startFromHead")) return { from: 0, to: Math.min(limit, length) };
    return { from: Math.max(0, length - limit), to: length };
  }
  const match = /^(?<way>[fb])\/(?<index>\d+)$/u.exec(token);
  if (match?.groups === undefined) throw invalidParameter("The specified nextToken is invalid.");
  const index = Math.min(Number(match.groups["index"]), length);
  if (match.groups["way"] === "f") return { from: index, to: Math.min(length, index + limit) };
  return { from: Math.max(0, index - limit), to: index };
};
