import type { Plan } from "#core/plan.ts";
import type { Said, Truth } from "./score.ts";

/** A run or a recording, as far as scoring asks. */
export interface Answered {
  readonly id: string;
  readonly truth: Truth;
  /** By whose hypotheses it was answered. */
  readonly plan: Plan;
  /** Checks that ran. */
  readonly ran: readonly string[];
  readonly seconds: number;
}

export function toSaid(
  { id, truth, plan, ran, seconds }: Answered,
  answer: Pick<Said, "verdict" | "leading" | "hypotheses" | "probabilityHealthy">,
): Said {
  const seen = new Set(
    plan.hypotheses
      .filter(({ confirmedBy }) => confirmedBy.some(({ check }) => ran.includes(check)))
      .map((hypothesis) => hypothesis.id),
  );
  return {
    id,
    truth,
    verdict: answer.verdict,
    leading: answer.leading,
    hypotheses: answer.hypotheses.map((row) => ({
      id: row.id,
      probability: row.probability,
      verdict: row.verdict,
    })),
    probabilityHealthy: answer.probabilityHealthy,
    unseenRuledOut: answer.hypotheses
      .filter((row) => row.verdict === "ruled-out" && !seen.has(row.id))
      .map((row) => row.id),
    checks: ran.length,
    seconds,
  };
}
