/** From recordings to what is said of them: judged, weighed, with and without flipped outcomes. */
import { factsOf, type Check } from "#core/check.ts";
import type { Config } from "#core/config.ts";
import type { WeighInput } from "#core/diagnosis.ts";
import { pivotal, weigh } from "#diagnosis/weigh.ts";
import { judgeAgain, toWeighInput } from "#engine/run.ts";
import { toSaid, type Answered } from "#evaluation/said.ts";
import type { Said } from "#evaluation/score.ts";
import { choosePlan, registeredChecks } from "../src/compose.ts";
import { addingUpPoints, firstDirectSign } from "./baselines.ts";
import type { CaseStratum } from "./cases.ts";
import { chanceOf, seedOf } from "./chance.ts";
import { flipped } from "./flips.ts";
import { toInvestigation, type Recording } from "./recording.ts";

export const flipShare = 0.05;

/** One way of looking at one case. */
export interface Weighed {
  readonly stratum: CaseStratum;
  readonly mode: string | null;
  readonly denied: boolean;
  readonly flipped: boolean;
  readonly said: Said;
  readonly points: Said;
  readonly firstSign: Said;
  /** What was judged, check by check, before any flip. */
  readonly outcomes: Readonly<Record<string, string>>;
}

const checks = registeredChecks();
const rereadable = new Set(
  [...checks.values()]
    .filter((check: Check) => factsOf(check).every((fact) => fact.rereadable))
    .map(({ id }) => id),
);

export function weighRecording(recording: Recording, config: Config): readonly Weighed[] {
  const plan = choosePlan(config, null, recording.reported?.symptom ?? null);
  const judged = judgeAgain(toInvestigation(recording, plan), { checks, weigh }, plan);
  const planned = [...checks.values()];
  const input = toWeighInput(judged, planned, { checks });
  const denied = recording.denied.length > 0;
  const chance = chanceOf(seedOf(`${recording.case.id}/flips/${denied}`));
  const noisy = flipped(input, flipShare, chance, pivotal, rereadable);
  const outcomes = Object.fromEntries(input.observed.map((one) => [one.check, one.outcome]));
  return [input, noisy].map((one, index) => ({
    stratum: recording.case.stratum,
    mode: recording.case.mode,
    denied,
    flipped: index === 1,
    said: toSaid(toAnswered(recording, one), weigh(one)),
    points: toSaid(toAnswered(recording, one), addingUpPoints(one)),
    firstSign: toSaid(toAnswered(recording, one), firstDirectSign(one)),
    outcomes,
  }));
}

const toAnswered = (recording: Recording, input: WeighInput): Answered => ({
  id: recording.case.id,
  truth: recording.case.truth,
  plan: input.plan,
  ran: input.observed.map(({ check }) => check),
  seconds: recording.endedAfterMs / 1000,
});
