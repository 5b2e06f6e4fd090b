import { isoTime, type Clock } from "#core/clock.ts";
import { OTHER } from "#core/diagnosis.ts";
import { HokusaiError } from "#core/errors.ts";
import { causesOf, claimedCauses, noteLimit, NOTHING } from "#core/feedback.ts";
import type { Ledger } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import { listed, nearest } from "#core/nearest.ts";
import type { Plan } from "#core/plan.ts";
import type { Redactor } from "#core/redact.ts";
import { brief } from "./typed-text.ts";

export interface FeedbackContext {
  readonly ledger: Pick<Ledger, "giveFeedback">;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly plans: readonly Plan[];
  /** Slack user id, or "terminal". */
  readonly by: string;
  /** Slack channel id; null elsewhere. */
  readonly channel: string | null;
}

/**
 * Keeps what was really the matter: "right", "nothing", or ids of hypotheses, "other" among them.
 * @example giveFeedback(run, ["redis-down", "auth-unreachable"], null, context)
 * Throws HokusaiError("usage") where the run has no verdict yet, or the words cannot be meant together.
 */
export async function giveFeedback(
  run: Investigation,
  words: readonly string[],
  note: string | null,
  context: FeedbackContext,
): Promise<void> {
  const { ledger, clock, redactor, plans, by, channel } = context;
  const causes = toCauses(run, words, plans);
  const kept = redactor.text(note ?? "").trim();
  await ledger.giveFeedback({
    investigation: run.id,
    at: isoTime(clock.now()),
    by,
    channel,
    causes,
    note: kept === "" ? null : kept.slice(0, noteLimit),
  });
}

function toCauses(
  run: Investigation,
  words: readonly string[],
  plans: readonly Plan[],
): readonly string[] {
  if (run.endedAt === null || run.diagnosis === null) {
    const why = run.endedAt === null ? "is still going on" : "ended without a verdict";
    throw new HokusaiError("usage", `This check ${why}: there is nothing to say of it.`);
  }
  const given = [...new Set(words)];
  const alone = ["right", NOTHING].find((word) => given.includes(word));
  if (alone !== undefined && given.length > 1) {
    throw new HokusaiError(
      "usage",
      `"${alone}" stands alone: it cannot have been ${listed(given.filter((word) => word !== alone))} as well.`,
    );
  }
  if (alone === NOTHING) return [];
  if (alone === "right") {
    const claimed = claimedCauses(run.diagnosis);
    if (claimed !== null) return claimed;
    throw new HokusaiError("usage", "This verdict names no cause that could be right.", {
      next: "Say what it was: the id of a hypothesis, nothing, or other.",
    });
  }
  const known = [...causesOf(run, plans).map(({ id }) => id), OTHER];
  for (const word of given) {
    if (known.includes(word)) continue;
    const meant = nearest(word, known);
    throw new HokusaiError(
      "usage",
      `There is no hypothesis ${brief(word)}: they are ${listed(known)}${meant === null ? "" : ` (did you mean ${meant}?)`}.`,
    );
  }
  if (given.length === 0)
    throw new HokusaiError("usage", "Say what it was: right, a hypothesis, nothing or other.");
  // Not in the order of clicks: the same answer is the same row.
  return given.toSorted((a, b) => known.indexOf(a) - known.indexOf(b));
}
