import { InsideDenied } from "#commands/inside.ts";
import type { Question, SlackDeps } from "./deps.ts";

/** Runs what may approve a look from inside; a refusal is kept before the person hears of it. */
export async function keepingRefusals<Value>(
  model: string,
  question: Pick<Question, "user" | "channel">,
  deps: Pick<SlackDeps, "audit">,
  act: () => Promise<Value>,
): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InsideDenied) {
      await deps.audit?.({
        actor: question.user,
        channel: question.channel,
        action: "look-inside",
        target: model,
        decision: "denied",
        detail: { because: error.message },
      });
    }
    throw error;
  }
}
