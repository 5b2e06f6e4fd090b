import { isoTime } from "#core/clock.ts";
import type { ErrorCourse, ErrorSource } from "#core/finding.ts";
import { stepChange } from "#core/step-change.ts";

const minuteMs = 60_000;

interface Counted {
  readonly from: string;
  readonly counts: readonly number[];
}

/**
 * The counts with their onset as moments. The step lies between two minutes, so the interval reaches from
 * the minute before the first that the data allow to the end of the last.
 */
export function courseOf(
  source: ErrorSource,
  { from, counts }: Counted,
  exposures?: readonly (readonly number[])[],
): ErrorCourse {
  const step = stepChange(counts, exposures);
  const minute = (index: number): string => isoTime(Date.parse(from) + index * minuteMs);
  return {
    source,
    from,
    counts,
    onset:
      step === null
        ? null
        : {
            low: minute(step.low - 1),
            at: minute(step.at),
            high: minute(step.high + 1),
            strength: Math.round(step.strength * 10) / 10,
          },
  };
}

/**
 * The log's errors. Not each of them belongs to a request (a task that dies writes them with nobody calling),
 * so where requests are known a step has to show both a minute and a request: twice the traffic is none, and
 * neither is a quiet night.
 */
export function errorCourse(
  history: Counted,
  requests: { readonly from: string; readonly requests: readonly number[] } | null = null,
): ErrorCourse {
  const { from, counts } = history;
  const perMinute = counts.map(() => 1);
  if (requests === null || requests.requests.length === 0)
    return courseOf("log", history, [perMinute]);
  const late = Math.round((Date.parse(from) - Date.parse(requests.from)) / minuteMs);
  const known = requests.requests;
  // The metrics end before the log does; what is not known yet is taken as it is usually.
  const usual = known.reduce((sum, one) => sum + one, 0) / known.length;
  const exposure = counts.map((_, i) => Math.max(known[i + late] ?? usual, leastExposure));
  return courseOf("log", history, [perMinute, exposure]);
}

/** A minute without a request counts as a tenth of one: errors that nobody called for stay errors. */
const leastExposure = 0.1;
