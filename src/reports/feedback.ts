import { OTHER, type Diagnosis } from "#core/diagnosis.ts";
import { isRight } from "#core/feedback.ts";
import { listed } from "#core/nearest.ts";
import { hypothesisName, sentenceCase } from "./phrases.ts";

/** "right", "nothing was wrong", "it was Redis down and something else". */
export function feedbackWords(diagnosis: Diagnosis | null, causes: readonly string[]): string {
  if (isRight(diagnosis, causes)) return "right";
  if (causes.length === 0) return "nothing was wrong";
  return `it was ${listed(causes.map(causeName))}`;
}

/** Of somebody who knows, "other" is no fault that nobody listed but one that is not among these. */
export const causeName = (id: string): string =>
  id === OTHER ? "something else" : hypothesisName(id);

export const causeTitle = (id: string): string => sentenceCase(causeName(id));
