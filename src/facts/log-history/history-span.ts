import type { Reported } from "#core/target.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const windowMs = 6 * hourMs;
/** Where the customer's attempt was earlier, so much of what was before it belongs to the picture. */
const beforeAttemptMs = 2 * hourMs;
/** As far back as the audit trail is read; a minute's count of a whole day is 1,440 rows. */
const longestMs = 24 * hourMs;

/**
 * Which minutes an onset is looked for in, in milliseconds since the epoch: six hours to the minute in which
 * the run began; further back, up to a day, where the customer's attempt was earlier.
 */
export function historySpan(
  reported: Reported | null,
  now: number,
): { readonly from: number; readonly to: number } {
  const to = Math.floor(now / minuteMs) * minuteMs;
  const attempt = reported?.at ?? null;
  const wanted = attempt === null ? 0 : now - Date.parse(attempt) + beforeAttemptMs;
  const length =
    wanted > longestMs ? windowMs : Math.max(windowMs, Math.floor(wanted / minuteMs) * minuteMs);
  return { from: to - length, to };
}
