import type { LogLine, LogsPort } from "#core/ports/aws.ts";
import { accessOf } from "../log-lines/kinds.ts";
import { readWindow } from "../log-lines/read-window.ts";
import { startPattern } from "./announcement.ts";
import type { LogPlace } from "./log-place.ts";
import { toldBy, type Told } from "./told.ts";

const minuteMs = 60_000;
/** The clocks of ECS and of the task's host differ a little. */
const skewMs = minuteMs;
/** Within this long after its start nearly every program has said where it listens. */
const startMs = 15 * minuteMs;
/** FilterLogEvents is limited to a few calls a second for the whole account. */
const mostCalls = 2;
/** Enough to hold a start and the first requests after it. */
const mostLines = 1_000;

/** A task's life in milliseconds since the epoch; `to` is now where it runs. */
export interface Life {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export interface ReadTold {
  readonly told: Told;
  /** False where calls ran out before its lines did: what was not seen says nothing. */
  readonly complete: boolean;
}

export const isSilent = ({ listens, socket }: Told): boolean => listens.length === 0 && !socket;

/** What a task told of its start: in its first minutes, else later in its life. Null: no such log group. */
export async function readTold(
  logs: LogsPort,
  place: LogPlace,
  life: Life,
  signal: AbortSignal,
): Promise<ReadTold | null> {
  const begin = life.from - skewMs;
  const end = life.to + skewMs;
  const soon = Math.min(life.from + startMs, end);
  const first = await readSpan(logs, place, life.id, begin, soon, signal);
  if (first === null || soon === end || !isSilent(first.told)) return first;
  const later = await readSpan(logs, place, life.id, soon, end, signal);
  if (later === null) return null;
  const startedAt = later.told.startedAt ?? first.told.startedAt;
  return {
    told: { ...later.told, startedAt },
    complete: first.complete && later.complete,
  };
}

/** What the tasks of a container told in a span: of all of them where `id` is empty. */
export async function readSpan(
  logs: LogsPort,
  { group, prefix }: LogPlace,
  id: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<(ReadTold & { readonly lines: readonly LogLine[] }) | null> {
  const query = { group, ...streamsOf(prefix, id), from, to, pattern: startPattern };
  const read = await readWindow(logs, query, mostCalls, signal);
  if (read === null) return null;
  const lines = read.lines.filter((line) => isOf(line.stream, prefix, id));
  return { told: toldBy(lines), complete: read.complete, lines };
}

/** What a task wrote that told nothing of its start. */
export interface Otherwise {
  readonly wrote: "lines" | "nothing" | "no-stream";
  /** It logged requests that came from outside its container. */
  readonly answered: boolean;
}

export async function readOtherwise(
  logs: LogsPort,
  { group, prefix }: LogPlace,
  life: Life,
  signal: AbortSignal,
): Promise<Otherwise> {
  const span = { from: life.from - skewMs, to: life.to + skewMs, pattern: null, token: null };
  const query = { group, ...streamsOf(prefix, life.id), ...span, limit: mostLines };
  const lines = ((await logs.page(query, signal))?.lines ?? []).filter((line) =>
    isOf(line.stream, prefix, life.id),
  );
  if (lines.length > 0) {
    const answered = lines.some(({ text }) => accessOf(text) !== null && !fromInside.test(text));
    return { wrote: "lines", answered };
  }
  if (prefix === null) return { wrote: "no-stream", answered: false };
  const streams = await logs.streams(group, `${prefix}${life.id}`, signal);
  return { wrote: (streams ?? []).length > 0 ? "nothing" : "no-stream", answered: false };
}

/** A health check in the container asks over 127.0.0.1, which proves nothing for anybody else. */
const fromInside = /(?:\b127\.0\.0\.1|\[?::1\]?|\blocalhost)\b/u;

const streamsOf = (prefix: string | null, id: string): { readonly streamPrefix?: string } =>
  prefix === null ? {} : { streamPrefix: `${prefix}${id}` };
/** Asked again here: not every server of this API knows prefixes. */
const isOf = (stream: string, prefix: string | null, id: string): boolean =>
  prefix === null ? stream.endsWith(id) : stream.startsWith(`${prefix}${id}`);
