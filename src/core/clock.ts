export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
export const systemClock: Clock = { now: () => Date.now() };
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** "14:03 UTC"; with its date where the hour alone would not do: "2026-11-20 14:03 UTC". */
export const utcTime = (ms: number, now: number): string => `${minuteOf(ms, now)} UTC`;

/** "between 13:58 and 14:08 UTC", with dates where the hours alone would not do. */
export const utcSpan = (from: number, to: number, now: number): string =>
  `between ${minuteOf(from, now)} and ${minuteOf(to, now)} UTC`;

const halfDayMs = 12 * 60 * 60_000;

function minuteOf(ms: number, now: number): string {
  const iso = isoTime(ms);
  const minute = iso.slice(11, 16);
  return Math.abs(now - ms) < halfDayMs ? minute : `${iso.slice(0, 10)} ${minute}`;
}
