import type { LogEvent, LogGroup } from "../../world/state.ts";
import { optionalNumber, optionalText, textList } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { limitOf } from "./get-events.ts";
import { groupOf, heldFrom, invalidParameter } from "./groups.ts";
import { toLineTest } from "./pattern.ts";

const maxAnswerBytes = 1_048_576;

interface StreamEvent {
  readonly logStreamName: string;
  readonly event: LogEvent;
}

/**
 * FilterLogEvents looks at no more than `scanLimit` events a call, matching or not, as AWS looks
 * at a slice of the group: a rare pattern therefore gives empty pages that carry a nextToken.
 */
export const createFilterOperations = (scanLimit: number): Operations => ({
  FilterLogEvents: (call) => {
    const { head, last: start } = toCursor(call);
    const limit = limitOf(call);
    const test = toLineTest(optionalText(call, "filterPattern") ?? "");
    const ahead = candidates(call, groupOf(call))
      .toSorted((left, right) => inOrder(left.event, right.event) * (head ? 1 : -1))
      .filter(({ event }) => start === undefined || isAfter(event, start, head));
    const found: StreamEvent[] = [];
    let last: LogEvent | undefined;
    let scanned = 0;
    let bytes = 0;
    for (const one of ahead.slice(0, scanLimit)) {
      const matching = test(one.event.message);
      if (matching && (found.length === limit || bytes > maxAnswerBytes)) break;
      if (matching) found.push(one);
      if (matching) bytes += one.event.message.length;
      last = one.event;
      scanned += 1;
    }
    return {
      events: found.map(({ logStreamName, event }) => ({
        logStreamName,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: event.eventId,
      })),
      searchedLogStreams: [],
      nextToken: last !== undefined && scanned < ahead.length ? tokenOf(head, last) : undefined,
    };
  },
});

const candidates = (call: AwsCall, group: LogGroup): StreamEvent[] => {
  const names = textList(call, "logStreamNames", 100);
  const prefix = optionalText(call, "logStreamNamePrefix");
  if (names.length > 0 && prefix !== undefined) {
    throw invalidParameter("logStreamNames and logStreamNamePrefix are exclusive");
  }
  if (names.some((name) => !group.streams.some((one) => one.name === name))) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  const start = Math.max(optionalNumber(call, "startTime") ?? 0, heldFrom(call, group));
  const end = optionalNumber(call, "endTime") ?? Infinity;
  return group.streams
    .filter((one) => names.length === 0 || names.includes(one.name))
    .filter((one) => prefix === undefined || one.name.startsWith(prefix))
    .flatMap((stream) =>
      stream.events
        .filter((event) => event.timestamp >= start && event.timestamp <= end)
        .map((event) => ({ logStreamName: stream.name, event })),
    );
};

interface Position {
  readonly timestamp: number;
  readonly eventId: string;
}

const inOrder = (left: Position, right: Position): number =>
  left.timestamp - right.timestamp || (left.eventId < right.eventId ? -1 : 1);

const isAfter = (one: Position, last: Position, head: boolean): boolean =>
  one.eventId !== last.eventId && (head ? inOrder(last, one) < 0 : inOrder(one, last) < 0);

const tokenOf = (head: boolean, last: Position): string =>
  Buffer.from(JSON.stringify([head, last.timestamp, last.eventId])).toString("base64url");

/** Where to go on; the token carries the direction that the first request chose. */
const toCursor = (call: AwsCall): { head: boolean; last: Position | undefined } => {
  const token = optionalText(call, "nextToken");
  if (token === undefined) return { head: call.input["startFromHead"] !== false, last: undefined };
  const text = Buffer.from(token, "base64url").toString("utf8");
  const match = /^\[(?<head>true|false),(?<timestamp>\d+),"(?<eventId>\w+)"\]$/u.exec(text);
  if (match?.groups === undefined) throw invalidParameter("The specified nextToken is invalid.");
  const { head, timestamp, eventId } = match.groups;
  return { head: head === "true", last: { timestamp: Number(timestamp), eventId: eventId ?? "" } };
};
