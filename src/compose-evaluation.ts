/** Scores the ledger's past investigations against what people said of them; reaches for nothing else. */
import type { Config } from "#core/config.ts";
import { messageOf } from "#core/errors.ts";
import type { Ledger } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import { createRedactor } from "#core/redact.ts";
import {
  pastDocument,
  pastText,
  toPast,
  type LeftOut,
  type Past,
  type PastDocument,
} from "#evaluation/past.ts";
import { choosePlan, replay } from "./compose.ts";

export { pastText };

/** Runs are read one after the other: their facts may be large, and only the figures are kept. */
export async function evaluatePast(
  ledger: Pick<Ledger, "investigationsWithFeedback" | "investigation" | "feedback">,
  config: Config,
): Promise<PastDocument> {
  const past: Past[] = [];
  const leftOut: LeftOut[] = [];
  for (const id of await ledger.investigationsWithFeedback()) {
    try {
      const run = await ledger.investigation(id);
      const feedback = (await ledger.feedback(id)).at(-1);
      if (run === null || feedback === undefined) continue;
      const one = toPast(run, replay(run, planNow(run, config)), feedback);
      if (one === null) leftOut.push({ id, because: "it ended without a verdict" });
      else past.push(one);
    } catch (error) {
      leftOut.push({ id, because: `it cannot be judged again: ${messageOf(error)}` });
    }
  }
  return createRedactor(config.secretValues).json(pastDocument(past, leftOut));
}

/** The plan that was followed as it is now, or what is asked today of the reported symptom. */
const planNow = (run: Investigation, config: Config): Plan =>
  config.plans.find(({ id }) => id === run.plan.id) ??
  choosePlan(config, null, run.reported?.symptom ?? null);
