import type { LogLine } from "#core/ports/aws.ts";
import { fingerprint } from "./fingerprint.ts";
import {
  crashSign,
  kindOf,
  logKinds,
  missingVariables,
  startMarker,
  startedMarker,
  type LogKind,
  type Wording,
} from "./kinds.ts";
import { isOwnRequest } from "./own-requests.ts";

const mostNewest = 10;

export interface KindSummary {
  readonly count: number;
  /** ISO 8601; null where the count is 0. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** ISO 8601 of the newest ones, newest first, at most ten: of two kinds, which one goes on. */
  readonly newestAt: readonly string[];
  /** The newest one, cut. */
  readonly example: string | null;
  /** Most frequent first, at most five. */
  readonly templates: readonly { readonly template: string; readonly count: number }[];
}

export interface GroupedLines {
  readonly kinds: Readonly<Record<LogKind, KindSummary>>;
  /** Variables that start-up lines call missing. */
  readonly missingVariables: readonly string[];
  /** ISO 8601 of the newest "start-up complete"; null where none was seen. */
  readonly startedAt: string | null;
  /** Lines of our own requests, which are in no count. */
  readonly ownLines: number;
}

interface Classified {
  readonly line: LogLine;
  readonly kind: LogKind;
}

export function groupLines(lines: readonly LogLine[], wording: Wording): GroupedLines {
  const theirs = lines.filter((line) => !isOwnRequest(line.text)).toSorted((a, b) => a.at - b.at);
  const classified = [...Map.groupBy(theirs, (line) => line.stream).values()].flatMap((stream) =>
    classifyStream(stream, wording),
  );
  const missing = classified
    .filter(({ kind }) => kind === "missing-variable")
    .flatMap(({ line }) => missingVariables(line.text, wording.variables));
  const started = theirs.findLast((line) => startedMarker.test(line.text));
  return {
    kinds: Object.fromEntries(
      logKinds.map((kind) => [kind, summarise(classified.filter((one) => one.kind === kind))]),
    ) as Record<LogKind, KindSummary>,
    missingVariables: [...new Set(missing)].toSorted(),
    startedAt: started === undefined ? null : new Date(started.at).toISOString(),
    ownLines: lines.length - theirs.length,
  };
}

/** A stream that starts and never gets to serve makes its unexplained errors start-up errors. */
function classifyStream(stream: readonly LogLine[], wording: Wording): readonly Classified[] {
  const begins = stream.some((line) => startMarker.test(line.text));
  const serves = stream.some((line) => startedMarker.test(line.text));
  const crashed = begins && !serves && stream.some((line) => crashSign.test(line.text));
  return joinFieldErrors(stream).flatMap((line) => {
    const kind = kindOf(line.text, wording);
    if (kind === null) return [];
    return [{ line, kind: crashed && kind === "other-error" ? "startup" : kind }];
  });
}

/** pydantic writes the field on one line and "Field required" on the next. */
const joinFieldErrors = (stream: readonly LogLine[]): readonly LogLine[] =>
  stream.map((line, i) => {
    const before = stream[i - 1];
    const continues = before !== undefined && /^\s+field required\b/iu.test(line.text);
    return continues ? { ...line, text: `${before.text.trim()}: ${line.text.trim()}` } : line;
  });

function summarise(lines: readonly Classified[]): KindSummary {
  const sorted = lines.map(({ line }) => line).toSorted((a, b) => a.at - b.at);
  const newest = sorted.at(-1);
  const counts = Map.groupBy(sorted, (line) => fingerprint(line.text));
  return {
    count: sorted.length,
    firstAt: sorted[0] === undefined ? null : new Date(sorted[0].at).toISOString(),
    lastAt: newest === undefined ? null : new Date(newest.at).toISOString(),
    newestAt: sorted
      .slice(-mostNewest)
      .toReversed()
      .map((line) => new Date(line.at).toISOString()),
    example: newest === undefined ? null : newest.text.trim().slice(0, 240),
    templates: [...counts]
      .map(([template, all]) => ({ template, count: all.length }))
      .toSorted((a, b) => b.count - a.count || a.template.localeCompare(b.template))
      .slice(0, 5),
  };
}
