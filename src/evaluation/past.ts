/** Past investigations held against what people said was really the matter. */
import { NOTHING, type Feedback } from "#core/feedback.ts";
import type { Investigation } from "#core/investigation.ts";
import { withInterval } from "./proportion.ts";
import { toSaid } from "./said.ts";
import { figuresOf, isExact, type Figures, type Said, type Truth } from "./score.ts";
import { mistakeOf, strata, stratumOf, type Stratum } from "./strata.ts";

export interface Past {
  readonly id: string;
  readonly model: string;
  /** The word that counts: the newest. */
  readonly feedback: Feedback;
  /** As the run said it. */
  readonly before: Said;
  /** As the checks and plans of this version say it of the same facts. */
  readonly now: Said;
}

/** Each cause that somebody named is one fault, which only that hypothesis names. */
const truthOf = ({ causes }: Feedback): Truth => causes.map((cause) => [cause]);

/** Null where one of the two has no verdict. */
export function toPast(run: Investigation, again: Investigation, feedback: Feedback): Past | null {
  const said = ({ diagnosis, plan, findings }: Investigation): Said | null =>
    diagnosis === null
      ? null
      : toSaid(
          {
            id: run.id,
            truth: truthOf(feedback),
            plan,
            ran: findings.map(({ check }) => check),
            seconds: (run.endedAfterMs ?? 0) / 1000,
          },
          diagnosis,
        );
  const [before, now] = [said(run), said(again)];
  return before === null || now === null
    ? null
    : { id: run.id, model: run.target.id, feedback, before, now };
}

/** A run that could not be judged again. */
export interface LeftOut {
  readonly id: string;
  readonly because: string;
}

export interface PastFigures {
  readonly stratum: Stratum;
  readonly cases: number;
  readonly before: Figures;
  readonly now: Figures;
}

/** A run whose verdict was, or would now be, something else than what people said. */
export interface Disagreement {
  readonly id: string;
  readonly model: string;
  readonly feedback: Pick<Feedback, "at" | "by" | "causes" | "note">;
  readonly before: Answer;
  readonly now: Answer;
}

interface Answer {
  readonly verdict: Said["verdict"];
  readonly leading: readonly string[];
  /** What is wrong with it; null where it agrees. */
  readonly mistake: string | null;
}

/** What `hokusai eval --ledger --json` prints. */
export interface PastDocument {
  readonly schemaVersion: 1;
  readonly investigations: number;
  readonly strata: readonly PastFigures[];
  readonly disagreements: readonly Disagreement[];
  readonly leftOut: readonly LeftOut[];
}

export function pastDocument(past: readonly Past[], leftOut: readonly LeftOut[]): PastDocument {
  return {
    schemaVersion: 1,
    investigations: past.length,
    strata: strata.flatMap((stratum) => {
      const inside = past.filter(({ before }) => stratumOf(before.truth) === stratum);
      if (inside.length === 0) return [];
      const figures = (when: "before" | "now"): Figures =>
        figuresOf(inside.map((one) => one[when]));
      return [{ stratum, cases: inside.length, before: figures("before"), now: figures("now") }];
    }),
    disagreements: past.flatMap(({ id, model, feedback, ...said }) => {
      const [before, now] = [toAnswer(said.before), toAnswer(said.now)];
      if (before.mistake === null && now.mistake === null) return [];
      const { at, by, causes, note } = feedback;
      return [{ id, model, feedback: { at, by, causes, note }, before, now }];
    }),
    leftOut,
  };
}

function toAnswer(said: Said): Answer {
  const { verdict, leading } = said;
  // Of a run that somebody looked into, a cause too few or too many is worth a look as well.
  const inexact = isExact(said) ? null : `${verdict}, leads with ${wordOf(leading)}`;
  return { verdict, leading, mistake: mistakeOf(said) ?? inexact };
}

const wordOf = (causes: readonly string[]): string =>
  causes.length === 0 ? NOTHING : causes.join(", ");

type Row = readonly [name: string, figure: (figures: Figures) => string];

const rows: readonly Row[] = [
  ["top-1", ({ top1 }) => withInterval(top1)],
  ["top-3", ({ top3 }) => withInterval(top3)],
  ["all causes in top 3", ({ allInTop3 }) => withInterval(allInTop3)],
  ["exact set", ({ exactSet }) => withInterval(exactSet)],
  ["wrong accusation", ({ wrongAccusation }) => withInterval(wrongAccusation)],
  ["called a fault", ({ calledFault }) => withInterval(calledFault)],
  ["called healthy", ({ calledHealthy }) => withInterval(calledHealthy)],
  ["other leads", ({ other }) => withInterval(other)],
  ["a true cause ruled out", ({ truthRuledOut }) => withInterval(truthRuledOut)],
  ["ruled out unseen", ({ unseenRuledOut }) => `${unseenRuledOut}`],
  ["Brier", ({ brier }) => brier.toFixed(4)],
  ["calibration error", ({ calibrationError }) => calibrationError.toFixed(3)],
];

/** The same for a terminal of 80 columns. */
export function pastText({ investigations, strata: tables, ...rest }: PastDocument): string {
  const table = ({ stratum, cases, before, now }: PastFigures): string =>
    [
      `${`${stratum} (${cases})`.padEnd(26)}${"as it was said".padStart(22)}${"as it would be said now".padStart(26)}`,
      ...rows.map(
        ([name, figure]) =>
          `  ${name.padEnd(24)}${figure(before).padStart(22)}${figure(now).padStart(26)}`,
      ),
    ].join("\n");
  const disagreement = ({ id, model, feedback, before, now }: Disagreement): string =>
    [
      `  ${id}  model ${model}`,
      `      it was: ${wordOf(feedback.causes)} (${feedback.by}, ${feedback.at.slice(0, 16)}Z)${feedback.note === null ? "" : `, "${feedback.note.replaceAll(/\s+/gu, " ")}"`}`,
      `      then:   ${before.mistake ?? "right"}`,
      `      now:    ${now.mistake ?? "right"}`,
    ].join("\n");
  const { disagreements, leftOut } = rest;
  return `${[
    `${investigations} past ${investigations === 1 ? "investigation has" : "investigations have"} feedback. Shares with Wilson's 95% interval; strata by what people said it was.`,
    ...tables.map(table),
    disagreements.length === 0
      ? "No verdict differs from what people said."
      : [`Verdicts that differ from what people said:`, ...disagreements.map(disagreement)].join(
          "\n",
        ),
    ...(leftOut.length === 0
      ? []
      : [["Left out:", ...leftOut.map(({ id, because }) => `  ${id}: ${because}`)].join("\n")]),
  ].join("\n\n")}\n`;
}
