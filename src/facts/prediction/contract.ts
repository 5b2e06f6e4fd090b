import { isRecord, jsonOf } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import type { Target } from "#core/target.ts";

/** Whether a 200 is the prediction that customers were promised, and what it holds or lacks. */
export interface Contract {
  readonly holds: boolean;
  readonly detail: string;
}

/** Shape, type and range of every prediction in the answer; null where there was no 200 to look at. */
export function contractOf(seen: HttpObservation, target: Target): Contract | null {
  if (seen.status !== 200) return null;
  const { predictionsField, scoreField, range } = target.prediction;
  const broken = (detail: string): Contract => ({ holds: false, detail });
  const body = jsonOf(seen);
  if (!isRecord(body)) return broken("the answer is no JSON object");
  const predictions = body[predictionsField];
  if (predictions === undefined || predictions === null)
    return broken(`no field "${predictionsField}"`);
  const all: readonly unknown[] = Array.isArray(predictions) ? predictions : [predictions];
  if (all.length === 0) return broken(`"${predictionsField}" is empty`);
  if (scoreField === null) return { holds: true, detail: `"${predictionsField}" is there` };
  const scores = all.map((one) => (isRecord(one) ? one[scoreField] : undefined));
  for (const score of scores) {
    if (typeof score !== "number")
      return broken(`no number "${scoreField}" in "${predictionsField}"`);
    if (range !== null && !(score >= range[0] && score <= range[1]))
      return broken(`${scoreField} is ${score}, promised is ${range[0]} to ${range[1]}`);
  }
  return { holds: true, detail: `${scoreField} is ${scores.slice(0, 3).join(", ")}` };
}
