import { OTHER } from "#core/diagnosis.ts";
import { percent } from "./proportion.ts";
import { isTop1, wronglyAccused, type Said, type Truth } from "./score.ts";

/** By what was true. Figures of two strata are never pooled: an easy one would hide a hard one. */
export type Stratum = "single" | "double" | "healthy" | "novel";

export const strata: readonly Stratum[] = ["single", "double", "healthy", "novel"];

/** "double" is several causes at once; "novel" a cause that no hypothesis describes. */
export function stratumOf(truth: Truth): Stratum {
  if (truth.length === 0) return "healthy";
  if (truth.length > 1) return "double";
  return truth[0]?.every((cause) => cause === OTHER) === true ? "novel" : "single";
}

/** What was wrong with what was said, in a few words; null where nothing was. */
export function mistakeOf(said: Said): string | null {
  const accused = wronglyAccused(said);
  if (accused.length > 0) return `accuses ${accused.join(", ")}`;
  const stratum = stratumOf(said.truth);
  if (stratum === "novel") return null;
  if (stratum === "healthy")
    return said.verdict === "fault" ? `calls it a fault (${said.leading.join(", ")})` : null;
  if (isTop1(said)) return null;
  const [first] = said.hypotheses;
  return `${said.verdict}, puts ${first?.id ?? "nothing"} first (${percent(first?.probability ?? 0)})`;
}
