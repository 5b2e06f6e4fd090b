import { utcSpan, utcTime } from "#core/clock.ts";
import type { ErrorCourse, ErrorSource, Evidence } from "#core/finding.ts";

const minuteMs = 60_000;
const shortestQuietMinutes = 10;

const began: Readonly<Record<ErrorSource, (when: string) => string>> = {
  log: (when) => `errors began ${when} in the API's log`,
  "load-balancer": (when) => `the load balancer's errors began ${when}`,
  targets: (when) => `the API's 5xx answers began ${when}`,
};

/** An onset as a finding says it; null where the course has none. */
export function onsetWords(
  { source = "log", from, counts, onset }: ErrorCourse,
  now: number,
): { readonly summary: string; readonly evidence: readonly Evidence[] } | null {
  if (onset === null) return null;
  const [low, at, high] = [onset.low, onset.at, onset.high].map((time) => Date.parse(time)) as [
    number,
    number,
    number,
  ];
  // The wider side: what is said has to hold the whole interval.
  const margin = Math.max(1, Math.round(Math.max(at - low, high - at) / minuteMs));
  const index = Math.round((at - Date.parse(from)) / minuteMs);
  const [before, since] = [counts.slice(0, index), counts.slice(index)];
  return {
    summary: `${began[source](`${utcTime(at, now)} ±${margin} min`)}${ended(counts, index, at, now)}`,
    evidence: [
      { label: "errors a minute before", seen: (sum(before) / before.length).toFixed(2) },
      { label: "errors a minute since", seen: (sum(since) / since.length).toFixed(2) },
      { label: "began", seen: utcSpan(low, high, now) },
    ],
  };
}

export const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/**
 * " (the last 14:20 UTC)" where errors have stopped since; empty while they go on. They come in bursts (a task
 * that dies is started again minutes later): only a quiet twice as long as any between them is an end.
 */
function ended(counts: readonly number[], first: number, at: number, now: number): string {
  const minutes = counts.flatMap((count, i) => (i >= first && count > 0 ? [i] : []));
  const last = minutes.at(-1);
  if (last === undefined) return "";
  const longestGap = Math.max(
    0,
    ...minutes.slice(1).map((minute, i) => minute - (minutes[i] ?? 0)),
  );
  const quiet = counts.length - 1 - last;
  return quiet < Math.max(shortestQuietMinutes, 2 * longestGap)
    ? ""
    : ` (the last ${utcTime(at + (last - first) * minuteMs, now)})`;
}
