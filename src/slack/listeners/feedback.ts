import type {
  BlockAction,
  BlockButtonAction,
  BlockStaticSelectAction,
  Middleware,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from "@slack/bolt";
import { HokusaiError, messageOf } from "#core/errors.ts";
import { SlackRefused } from "#core/ports/slack.ts";
import { feedbackModal, formFields, note, readSubject } from "#reports/slack.ts";
import { holdsSecret } from "../ask.ts";
import type { Question, SlackDeps } from "../deps.ts";
import { keepFeedback, runOf } from "../feedback.ts";
import { answering, privateQuestion } from "../reply.ts";
import { shown } from "../thread-view.ts";

type Pressed = SlackActionMiddlewareArgs<BlockButtonAction>;
type Chosen = SlackActionMiddlewareArgs<BlockStaticSelectAction>;
type Submitted = SlackViewMiddlewareArgs<ViewSubmitAction>;

/** "Right": what the verdict says is what it was. */
export const feedbackRight =
  (deps: SlackDeps): Middleware<Pressed> =>
  async ({ ack, respond, action, body }) => {
    const question = privateQuestion(speakerOf(body), ack, respond, deps);
    await answering(question, deps, () => keep(action.block_id, ["right"], question, deps));
  };

/** "Wrong, it was ...": one cause. */
export const feedbackChosen =
  (deps: SlackDeps): Middleware<Chosen> =>
  async ({ ack, respond, action, body }) => {
    const question = privateQuestion(speakerOf(body), ack, respond, deps);
    const words = [action.selected_option.value];
    await answering(question, deps, () => keep(action.block_id, words, question, deps));
  };

/** "Several causes, or a note": opens the form. */
export const feedbackOpened =
  (deps: SlackDeps): Middleware<Pressed> =>
  async ({ ack, respond, action, body }) => {
    const question = privateQuestion(speakerOf(body), ack, respond, deps);
    await answering(question, deps, async () => {
      // Nothing is to be kept yet, and Slack waits 3 s for this and for the form together.
      await question.acknowledge();
      const subject = readSubject(action.block_id);
      const run = shown(await runOf(subject, deps), deps.redactor);
      const thread: unknown = body.container["thread_ts"];
      const where = {
        channel: question.channel,
        ...(typeof thread === "string" ? { thread } : {}),
      };
      const form = feedbackModal(run, deps.config.plans, { ...subject, ...where });
      await deps.slack.openForm(body.trigger_id, form).catch((error: unknown) => {
        throw notOpened(error);
      });
    });
  };

/** The same words twice are one word: no delivery has to be told from another. */
const speakerOf = (body: BlockAction) => ({
  user: body.user.id,
  channel: body.channel?.id ?? "",
  delivery: null,
});

async function keep(
  subject: string,
  words: readonly string[],
  question: Question,
  deps: SlackDeps,
): Promise<void> {
  const isShown = await keepFeedback(readSubject(subject), words, null, question, deps);
  if (!isShown) await question.reply("That is kept, though the message cannot show it any more.");
}

const notOpened = (error: unknown): Error =>
  error instanceof SlackRefused && !error.code.includes("trigger")
    ? error
    : new HokusaiError("usage", "The form did not open in time.", {
        next: "Please press it once more.",
        cause: error,
      });

/** The form: kept before it closes; what cannot be kept stays in it, with the reason. */
export const feedbackSubmitted =
  (deps: SlackDeps): Middleware<Submitted> =>
  async ({ ack, body, view }) => {
    const subject = readSubject(view.private_metadata);
    const { values } = view.state;
    const chosen = values[formFields.causes]?.[formFields.causes]?.selected_options ?? [];
    const typed = values[formFields.note]?.[formFields.note]?.value ?? null;
    const speaker = { user: body.user.id, channel: subject.channel ?? "" };
    const words = chosen.map(({ value }) => value);
    try {
      await keepFeedback(subject, words, typed, speaker, deps);
    } catch (error) {
      const known = error instanceof HokusaiError && error.code !== "internal";
      if (!known) deps.onProblem(deps.redactor.text(messageOf(error)));
      const said = known
        ? error.message
        : "That went wrong on my side, and it is in my log. Please try again.";
      await ack({ response_action: "errors", errors: { [formFields.causes]: said } });
      return;
    }
    await ack();
    if (typed === null || !holdsSecret(typed, deps.redactor.text(typed))) return;
    const warning =
      "Your note held what looks like a key or a password. I did not keep it; please revoke it.";
    await deps.slack
      .whisper({ ...speaker, threadTs: subject.thread ?? null, ...note(warning) })
      .catch((error: unknown) => deps.onProblem(deps.redactor.text(messageOf(error))));
  };
