import { messageOf } from "#core/errors.ts";
import { HokusaiError } from "#core/errors.ts";
import { note, type SlackMessage } from "#reports/slack.ts";
import type { Question, Reply, SlackDeps } from "./deps.ts";

interface ResponseUrlAnswer {
  readonly response_type: "ephemeral";
  readonly replace_original: false;
  readonly text: string;
  readonly blocks: SlackMessage["blocks"][number][];
}

/** Bolt's `respond`, as far as it is used. */
export type Respond = (answer: ResponseUrlAnswer) => Promise<unknown>;

/** Only to who asked: through the response_url, and where that fails as an ephemeral message. */
export function privateReply(
  respond: Respond,
  { user, channel }: { readonly user: string; readonly channel: string },
  acknowledge: () => Promise<void>,
  deps: Pick<SlackDeps, "slack" | "redactor" | "onProblem">,
): Reply {
  return async (text, link = null) => {
    await acknowledge();
    const message = note(deps.redactor.text(text), link);
    try {
      await respond({
        response_type: "ephemeral",
        replace_original: false,
        text: message.text,
        blocks: [...message.blocks],
      });
    } catch (error) {
      deps.onProblem(`response_url: ${messageOf(error)}`);
      await deps.slack.whisper({ user, channel, ...message, threadTs: null });
    }
  };
}

/** A question of a command or a button: Slack waits for the acknowledgement, the person for the answer. */
export function privateQuestion(
  asked: { readonly user: string; readonly channel: string; readonly delivery: string | null },
  ack: () => Promise<void>,
  respond: Respond,
  deps: Pick<SlackDeps, "slack" | "redactor" | "onProblem">,
): Question {
  const acknowledge = acknowledgement(ack, deps.onProblem);
  const reply = privateReply(respond, asked, acknowledge, deps);
  return { ...asked, reply, privately: reply, acknowledge };
}

/** Once, and never an error: what is kept goes on, also where Slack has stopped waiting. */
export function acknowledgement(
  ack: () => Promise<unknown>,
  onProblem: (problem: string) => void,
): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () =>
    (done ??= ack().then(
      () => undefined,
      (error: unknown) => onProblem(`acknowledged too late: ${messageOf(error)}`),
    ));
}

/** Runs what was asked; whatever goes wrong, the person gets a sentence and the log the rest. */
export async function answering(
  question: Question,
  deps: Pick<SlackDeps, "onProblem" | "redactor">,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
    await question.acknowledge();
  } catch (error) {
    const known = error instanceof HokusaiError && error.code !== "internal";
    const text = known
      ? [error.message, error.next].filter(Boolean).join(" ")
      : "That went wrong on my side, and it is in my log. Please try again; `npx hokusai check` works without Slack.";
    if (!known) deps.onProblem(deps.redactor.text(messageOf(error)));
    await question
      .reply(text)
      .catch((late: unknown) => deps.onProblem(deps.redactor.text(messageOf(late))));
  }
}
