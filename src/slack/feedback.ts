import type { Feedback } from "#core/feedback.ts";
import { HokusaiError } from "#core/errors.ts";
import type { Ledger, Outbox } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Redactor } from "#core/redact.ts";
import { contentHash, slots } from "#core/slots.ts";
import { giveFeedback } from "#commands/feedback.ts";
import { mentionMessage, type FeedbackSubject } from "#reports/slack.ts";
import type { SlackDeps } from "./deps.ts";
import type { UpdatePayload } from "./effects.ts";
import { queueOf, shown } from "./thread-view.ts";

/** Whose word, in which channel. */
export interface Speaker {
  readonly user: string;
  readonly channel: string;
}

/**
 * Keeps what was really the matter and shows it, both or neither. `words` as commands/feedback.ts reads
 * them. False where it is kept and there is no message any more to show it in.
 */
export async function keepFeedback(
  subject: FeedbackSubject,
  words: readonly string[],
  note: string | null,
  { user, channel }: Speaker,
  deps: SlackDeps,
): Promise<boolean> {
  const { ledger } = deps;
  const run = await runOf(subject, deps);
  const work = async (): Promise<boolean> => {
    const context = { ...deps, plans: deps.config.plans, by: user, channel };
    await giveFeedback(run, words, note, context);
    return showFeedback(subject.incident, run, deps);
  };
  return ledger.atomically === undefined ? work() : ledger.atomically(work);
}

export async function runOf(subject: FeedbackSubject, deps: SlackDeps): Promise<Investigation> {
  const run = await deps.ledger.investigation(subject.run);
  if (run !== null) return run;
  throw new HokusaiError("usage", "I have no record of this check any more.", {
    next: "Check again; what you say of the new verdict is kept.",
  });
}

export interface FeedbackShowParts {
  readonly ledger: Pick<Ledger, "incident" | "posted" | "feedback">;
  readonly outbox: Outbox;
  readonly redactor: Redactor;
}

/** Edits what people said into the message with the verdict. False where that message is not known. */
export async function showFeedback(
  incidentId: string,
  run: Investigation,
  { ledger, outbox, redactor }: FeedbackShowParts,
): Promise<boolean> {
  const incident = await ledger.incident(incidentId);
  const target = slots.mention(incidentId, run.id);
  if (incident === null || incident.channel === null || (await ledger.posted(target)) === null)
    return false;
  const given: readonly Feedback[] = redactor.json(await ledger.feedback(run.id));
  const message = mentionMessage(shown(run, redactor), { incident: incidentId, given });
  const hash = contentHash(message);
  const payload: UpdatePayload = { channel: incident.channel, target, message, hash };
  await outbox.put({
    key: `${target}/edit/${hash.slice(0, 16)}`,
    queue: queueOf(incident),
    kind: "slack.update",
    payload,
    replaces: `${target}/edit`,
  });
  return true;
}
