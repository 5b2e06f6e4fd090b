import type { Change, ErrorCourse } from "#core/finding.ts";

const minuteMs = 60_000;
/** A deployment takes effect after its tasks have come up. */
const rolloutLagMs = 10 * minuteMs;
/** Without an onset, what happened in this time is news. */
const newsMs = 120 * minuteMs;
/** How often a fault that a change caused has that change in its window. */
const shareOfCaused = 0.8;
/** Three to one: below it so much is changed that one more in the window is no news. */
const tellingRatio = 3;

type Onset = NonNullable<ErrorCourse["onset"]>;

/** Where a change has to lie that began the errors: milliseconds since the epoch. */
export const windowOf = (onset: Onset): { readonly from: number; readonly to: number } => ({
  from: Date.parse(onset.low) - rolloutLagMs,
  to: Date.parse(onset.high),
});

/** Where changes are worth a look: near the onset; without one, in the last two hours. */
export const windowNear = (
  onset: Onset | null,
  now: number,
): { readonly from: number; readonly to: number } =>
  onset === null ? { from: now - newsMs, to: now } : windowOf(onset);

/**
 * .8 / (1 - e^(-rate x window)): how much likelier a change in the window is if it began the errors than by
 * chance. The rate is that of the time before the window: what is changed afterwards may be the repair.
 * `since` is how far back the changes are known, in milliseconds since the epoch.
 */
export function likelihoodRatio(
  changes: readonly Pick<Change, "at">[],
  since: number,
  window: { readonly from: number; readonly to: number },
): number {
  const before = changes.filter(({ at }) => {
    const time = Date.parse(at);
    return time >= since && time < window.from;
  }).length;
  // Half a change more than was seen: none in a day is not never.
  const rate = (before + 0.5) / Math.max(minuteMs, window.from - since);
  return shareOfCaused / -Math.expm1(-rate * (window.to - window.from));
}

/** The changes with their link to the onset, those that are linked first and nearest first. */
export function linked(changes: readonly Change[], onset: Onset, since: number): readonly Change[] {
  const window = windowOf(onset);
  const ratio = likelihoodRatio(changes, since, window);
  const distance = ({ at }: Change): number => Math.abs(Date.parse(at) - Date.parse(onset.at));
  const isNear = ({ at }: Change): boolean =>
    Date.parse(at) >= window.from && Date.parse(at) <= window.to;
  const near = changes
    .filter((change) => isNear(change))
    .toSorted((a, b) => distance(a) - distance(b))
    .map((change) => ({ ...change, linked: ratio >= tellingRatio, likelihoodRatio: ratio }));
  const far = changes
    .filter((change) => !isNear(change))
    .map((change) => ({ ...change, likelihoodRatio: null }));
  return [...near, ...far];
}
