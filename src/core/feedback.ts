import { OTHER, type Diagnosis } from "./diagnosis.ts";
import type { Investigation } from "./investigation.ts";
import type { Plan } from "./plan.ts";

/** What somebody said was really the matter, of a run that has ended. Never changed: a correction is the next one. */
export interface Feedback {
  /** Id of the run. */
  readonly investigation: string;
  readonly at: string;
  /** Slack user id, or "terminal". */
  readonly by: string;
  /** Slack channel id; null where it was given elsewhere. */
  readonly channel: string | null;
  /** Ids of hypotheses, "other" among them; empty: nothing was wrong. */
  readonly causes: readonly string[];
  /** In their own words, redacted; null where there are none. */
  readonly note: string | null;
}

/** What a person types or chooses where no cause was there. */
export const NOTHING = "nothing";

/** Characters of a note that are kept. */
export const noteLimit = 500;

/** What counts: the newest of each person, who spoke last at the end. The last one is what is believed. */
export const standing = (given: readonly Feedback[]): readonly Feedback[] =>
  given.filter((one, index) => !given.slice(index + 1).some(({ by }) => by === one.by));

/** The same person says the same once more: a second click, not a second opinion. */
export const repeats = (given: Feedback, before: Feedback | undefined): boolean =>
  before !== undefined &&
  before.by === given.by &&
  before.note === given.note &&
  JSON.stringify(before.causes) === JSON.stringify(given.causes);

/** The causes that a verdict names, none where it says that nothing is wrong; null where it commits itself to nothing. */
export function claimedCauses(diagnosis: Diagnosis | null): readonly string[] | null {
  switch (diagnosis?.verdict) {
    case "fault":
      return diagnosis.leading.length === 0 ? null : diagnosis.leading;
    case "healthy":
    case "not-reproduced":
      return [];
    case "inconclusive":
    case undefined:
      return null;
  }
}

/** Whether the verdict named these causes, and no others. */
export function isRight(diagnosis: Diagnosis | null, causes: readonly string[]): boolean {
  const claimed = claimedCauses(diagnosis);
  return (
    claimed !== null &&
    claimed.length === causes.length &&
    claimed.every((cause) => causes.includes(cause))
  );
}

/** Something that a run may be said to have been caused by. */
export interface Cause {
  readonly id: string;
  readonly claim: string;
}

/**
 * The run's own hypotheses, most probable first, then those that only these plans have: a cause may
 * have been listed since, or in a plan that was not followed. Without "other".
 */
export function causesOf(run: Investigation, plans: readonly Plan[] = []): readonly Cause[] {
  const all = [
    ...(run.diagnosis?.hypotheses ?? []),
    ...run.plan.hypotheses,
    ...plans.flatMap(({ hypotheses }) => hypotheses),
  ];
  const known = new Map<string, Cause>();
  for (const { id, claim } of all) if (id !== OTHER && !known.has(id)) known.set(id, { id, claim });
  return [...known.values()];
}
