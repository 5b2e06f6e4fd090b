import { isoTime, utcTime } from "#core/clock.ts";
import type { Change, ErrorCourse, Finding } from "#core/finding.ts";
import type { Investigation } from "#core/investigation.ts";
import { leadingCourse } from "#core/onset.ts";
import { findingOf } from "./impact.ts";
import { clockTime, oneLine } from "./phrases.ts";

const minuteMs = 60_000;

/** A run has one onset, whoever counted the errors: that of the log, or that of the load balancer. */
function onsetFinding(run: Investigation): Finding | null {
  const findings = ["logs/onset", "load-balancer/onset"].flatMap(
    (check) => findingOf(run, check) ?? [],
  );
  const leading = leadingCourse(findings.flatMap(({ course }) => course ?? []));
  return findings.find(({ course }) => course === leading) ?? findings[0] ?? null;
}

/** Errors a minute of a run; null where neither the log's history nor the load balancer's could be had. */
export const courseOf = (run: Investigation): ErrorCourse | null =>
  onsetFinding(run)?.course ?? null;

/** The change that most likely began the errors, by its time; null where none is linked to them. */
export const linkedChange = (run: Investigation): Change | null =>
  findingOf(run, "changes/recent")?.changes?.find((change) => change.linked) ?? null;

/** "the load balancer's errors began 14:03 UTC ±2 min, 4 min after api:42 was deployed"; null without an onset. */
export function onsetLine(run: Investigation): string | null {
  const finding = onsetFinding(run);
  if (finding?.outcome !== "onset") return null;
  const change = linkedChange(run);
  const at = finding.course?.onset?.at;
  const after = change === null || at === undefined ? "" : `, ${distance(change, Date.parse(at))}`;
  return oneLine(`${finding.summary}${after}`);
}

function distance({ at, what: whole }: Change, began: number): string {
  const what = whole.replace(/ \([^)]*\)$/u, "");
  const minutes = Math.round((began - Date.parse(at)) / minuteMs);
  if (Math.abs(minutes) <= 1) return `when ${what}`;
  return minutes > 0 ? `${minutes} min after ${what}` : `${-minutes} min before ${what}`;
}

/** Who, what, when, before and after of the change that is linked to the onset; null without one. */
export function linkedChangeLine(run: Investigation): string | null {
  const change = linkedChange(run);
  if (change === null) return null;
  const { at, by, what, difference } = change;
  const when = utcTime(Date.parse(at), Date.parse(run.startedAt));
  const how = difference === null ? "" : `; ${difference}`;
  return oneLine(`${when}, ${what}${by === null ? "" : ` by ${by}`}${how}`);
}

const blocks = "▁▂▃▄▅▆▇█";
const widest = 48;
const shortestMinutes = 60;

/**
 * Errors over time on one line, with its ends as times: "01:20 ▁▁▁│▅█ 02:40 UTC, errors a minute, at most 9".
 * About a quarter of it lies after the onset. The lowest block is none at all; the bar is the linked change.
 * Null without an onset.
 */
export function sparkline(run: Investigation): string | null {
  const course = courseOf(run);
  if (course === null || course.onset === null) return null;
  const end = Date.parse(course.from) + course.counts.length * minuteMs;
  const since = (end - Date.parse(course.onset.at)) / minuteMs;
  const counts = course.counts.slice(-Math.max(shortestMinutes, Math.ceil(4 * since)));
  const start = end - counts.length * minuteMs;
  const size = Math.ceil(counts.length / widest);
  const columns = Array.from({ length: Math.ceil(counts.length / size) }, (_, i) => {
    const part = counts.slice(i * size, (i + 1) * size);
    return part.reduce((sum, one) => sum + one, 0) / part.length;
  });
  const top = Math.max(...columns);
  const bars = columns.map((mean) =>
    mean === 0 ? blocks[0] : blocks[Math.max(1, Math.round((mean / top) * (blocks.length - 1)))],
  );
  const change = linkedChange(run);
  const index =
    change === null ? -1 : Math.floor((Date.parse(change.at) - start) / (size * minuteMs));
  const isMarked = index >= 0 && index <= bars.length;
  const line = (isMarked ? bars.toSpliced(index, 0, "│") : bars).join("");
  const ends = [start, end].map((ms) => isoTime(ms));
  const most = `errors a minute, at most ${Math.max(...counts)}${isMarked ? "; │ the change" : ""}`;
  return `${ends[0]?.slice(11, 16)} ${line} ${clockTime(ends[1] ?? "")}, ${most}`;
}
