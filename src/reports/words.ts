import type { Because, WeighedHypothesis } from "#core/diagnosis.ts";
import type { Investigation } from "#core/investigation.ts";
import { anyOutcome, type Sign, type SuccessCriterion } from "#core/plan.ts";
import { coverageLine, coverageOf, gapLine, type Coverage } from "./coverage.ts";
import { headlineOf, leadingOf, placeOf, verdictWord } from "./headline.ts";
import { findingOf, impactOf, isCallerFault, severityOf, type Impact } from "./impact.ts";
import { linkedChangeLine, sparkline } from "./onset.ts";
import { seenBefore, type SeenBefore } from "./seen-before.ts";
import { hypothesisName, oneLine, percent, sentence, sentenceCase } from "./phrases.ts";

/** Everything there is to say of a run, once, so that Slack, ticket and terminal say the same. */
export interface Words {
  readonly headline: string;
  readonly place: readonly string[];
  readonly coverage: Coverage;
  readonly coverageLine: string;
  readonly impact: Impact;
  readonly severity: 1 | 2 | 3 | null;
  /** Sentences; empty where nothing is accused. */
  readonly wrong: readonly string[];
  /** What happened before; null where there is nothing to tell. */
  readonly seenBefore: SeenBefore | null;
  /** The strongest reasons, strongest first. */
  readonly why: readonly string[];
  readonly hypotheses: readonly HypothesisWords[];
  readonly lost: readonly string[];
  readonly never: readonly string[];
  readonly moot: readonly string[];
  readonly next: readonly string[];
  readonly changed: readonly string[];
  /** Errors a minute as one line of blocks, with times at its ends; null without an onset. */
  readonly chart: string | null;
  readonly criteria: readonly CriterionWords[];
  /** Whether the criteria, which are about finding a fault, mean anything in this run. */
  readonly criteriaApply: boolean;
  readonly questions: readonly {
    readonly id: string;
    readonly question: string;
    readonly answer: string | null;
  }[];
}

export interface HypothesisWords {
  readonly id: string;
  readonly name: string;
  readonly claim: string;
  readonly likelihood: string;
  readonly verdict: string;
  readonly leads: boolean;
  /** What speaks for it, strongest first, as "check: summary". */
  readonly for: readonly string[];
  readonly against: readonly string[];
}

export interface CriterionWords {
  readonly id: string;
  readonly text: string;
  readonly state: "met" | "not-met" | "not-tested";
}

/** `called`: how the reader of this outlet calls the program ("/hokusai" in Slack). */
export function toWords(
  investigation: Investigation,
  ticket: string | null = null,
  called = "/hokusai",
): Words {
  const coverage = coverageOf(investigation);
  const diagnosis = investigation.diagnosis;
  return {
    headline: headlineOf(investigation),
    place: placeOf(investigation, ticket),
    coverage,
    coverageLine: coverageLine(coverage),
    impact: impactOf(investigation),
    severity: severityOf(investigation),
    wrong: wrongOf(investigation),
    seenBefore: seenBefore(investigation),
    why: diagnosis === null ? [] : whyOf(investigation, diagnosis.why),
    hypotheses: diagnosis?.hypotheses.map((row) => toHypothesis(row, diagnosis.leading)) ?? [],
    lost: coverage.lost.map((gap) => oneLine(gapLine(gap))),
    never: coverage.never.map((gap) => oneLine(gapLine(gap))),
    moot: coverage.moot.map((gap) => oneLine(gapLine(gap))),
    next: nextOf(investigation, called),
    changed: changedOf(investigation),
    chart: sparkline(investigation),
    criteria: investigation.plan.successCriteria.map((criterion) => ({
      id: criterion.id,
      text: oneLine(criterion.text),
      state: criterionState(investigation, criterion),
    })),
    criteriaApply: diagnosis !== null && diagnosis.verdict !== "healthy",
    questions: investigation.plan.questions.map(({ id, question, answers }) => ({
      id,
      question: oneLine(question),
      answer:
        answers.find(({ when }) => when.some((sign) => seen(investigation, sign)))?.answer ?? null,
    })),
  };
}

function wrongOf(investigation: Investigation): readonly string[] {
  const { diagnosis } = investigation;
  if (diagnosis?.verdict !== "fault") return [];
  const claims = leadingOf(diagnosis).map((row) => sentence(sentenceCase(oneLine(row.claim))));
  const felt = ["prediction/with-key", "client/request"].flatMap((check) => {
    const finding = findingOf(investigation, check);
    return finding === undefined || finding.status === "ok"
      ? []
      : [`What customers get: ${sentence(oneLine(finding.summary))}`];
  });
  // What the caller does wrong did not begin with a change of ours, whatever else did.
  const linked = isCallerFault(investigation) ? null : linkedChangeLine(investigation);
  const change = findingOf(investigation, "changes/recent");
  const lately =
    linked === null && change?.outcome === "changed"
      ? [`What changed lately: ${sentence(oneLine(change.summary))}`]
      : [];
  const attempt = findingOf(investigation, "logs/attempt");
  const tried =
    attempt === undefined || attempt.status === "ok"
      ? []
      : [`When the customer tried: ${sentence(oneLine(attempt.summary))}`];
  return [
    ...(linked === null ? [] : [`Most likely since a change: ${sentence(linked)}`]),
    ...claims,
    ...felt.slice(0, 1),
    ...tried,
    ...lately,
  ];
}

/** What is wrong convinces more than what is missing: abnormal findings first, else strongest first. */
function whyOf(investigation: Investigation, why: readonly Because[]): readonly string[] {
  const rank = (because: Because): number =>
    (findingOf(investigation, because.check)?.status ?? "ok") === "ok" ? 1 : 0;
  return why.toSorted((a, b) => rank(a) - rank(b)).map(becauseWords);
}

const becauseWords = (because: Because): string => oneLine(`${because.check}: ${because.summary}`);

function toHypothesis(row: WeighedHypothesis, leading: readonly string[]): HypothesisWords {
  const masked =
    row.maskedBy.length === 0
      ? ""
      : `, masked by ${row.maskedBy.map(hypothesisName).join(" and ")}`;
  return {
    id: row.id,
    name: sentenceCase(hypothesisName(row.id)),
    claim: oneLine(row.claim),
    likelihood: percent(row.probability),
    verdict: `${verdictWord(row.verdict)}${masked}`,
    leads: leading.includes(row.id),
    for: row.because.filter(({ weight }) => weight > 0).map(becauseWords),
    against: row.because.filter(({ weight }) => weight < 0).map(becauseWords),
  };
}

/** Fixes first, then what would tell most, then how to have it looked at again. */
function nextOf(investigation: Investigation, called: string): readonly string[] {
  const { diagnosis } = investigation;
  if (diagnosis?.verdict === "healthy") return [];
  const command = `${called} check model ${investigation.target.id}`;
  if (diagnosis === null) return [`Check again: ${command}`];
  const steps = diagnosis.nextSteps.map(({ step }) => sentence(oneLine(step)));
  const checks = diagnosis.nextChecks.slice(0, 3).map(({ check }) => {
    const row = investigation.notRun.find((notRun) => notRun.check === check);
    return row === undefined
      ? `Find out with ${check}.`
      : `Find out: ${oneLine(row.question)} (${check} did not run; to mend: ${oneLine(row.mend)})`;
  });
  const again = `Then check again: ${command}`;
  // A confirmed cause needs no further proof.
  const proven = leadingOf(diagnosis).every(({ verdict }) => verdict === "confirmed");
  const shown =
    diagnosis.verdict === "fault"
      ? [...atHand(investigation), ...steps.slice(0, 5), ...(proven ? [] : checks.slice(0, 1))]
      : checks;
  return [...new Set([...shown, again])];
}

/** What the strongest finding itself says to do: it names the thing, the plan only the kind of thing. */
function atHand(investigation: Investigation): readonly string[] {
  const strongest = investigation.diagnosis?.why[0];
  if (strongest === undefined) return [];
  const finding = findingOf(investigation, strongest.check);
  if (finding?.next === undefined || finding.status !== "failing") return [];
  return [sentence(oneLine(`${finding.next} (${finding.check}: ${finding.summary})`))];
}

/** The audit trail always; revisions and rollouts where they are news. */
function changedOf(investigation: Investigation): readonly string[] {
  const trail = findingOf(investigation, "changes/recent");
  const events = (trail?.evidence ?? [])
    // The summary begins with the first of them.
    .filter(({ label, seen: what }) => trail?.summary.startsWith(`${label} ${what}`) !== true)
    .map(({ label, seen: what }) => oneLine(`${label}: ${what}`));
  const environment = findingOf(investigation, "ecs/environment-change");
  const rollout = findingOf(investigation, "ecs/rollout");
  return [
    ...(trail === undefined ? [] : [oneLine(trail.summary)]),
    ...events.slice(0, 5),
    ...(environment === undefined || environment.outcome === "same"
      ? []
      : [oneLine(environment.summary)]),
    ...(rollout === undefined || rollout.status === "ok" ? [] : [oneLine(rollout.summary)]),
  ];
}

function criterionState(
  investigation: Investigation,
  { metBy, verdicts }: SuccessCriterion,
): CriterionWords["state"] {
  const verdict = investigation.endedAt === null ? undefined : investigation.diagnosis?.verdict;
  if (verdicts !== undefined && verdict === undefined) return "not-tested";
  if (verdicts !== undefined && verdict !== undefined && !verdicts.includes(verdict))
    return "not-met";
  if (metBy.length === 0) return verdicts === undefined ? "not-tested" : "met";
  if (metBy.every((sign) => seen(investigation, sign))) return "met";
  const contradicted = metBy.some(
    (sign) => findingOf(investigation, sign.check) !== undefined && !seen(investigation, sign),
  );
  return contradicted ? "not-met" : "not-tested";
}

function seen(investigation: Investigation, sign: Sign): boolean {
  const outcome = findingOf(investigation, sign.check)?.outcome;
  return outcome !== undefined && (sign.outcome === anyOutcome || sign.outcome === outcome);
}
