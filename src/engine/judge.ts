import { factsOf, vantageOf, type Check, type Found, type Judgement } from "#core/check.ts";
import { messageOf } from "#core/errors.ts";
import type { Gathered, ProbeVantage } from "#core/fact.ts";
import type { Finding, NotRun } from "#core/finding.ts";
import type { Missing } from "#core/missing.ts";
import type { Reported, Target } from "#core/target.ts";

export interface JudgeSetting {
  readonly target: Target;
  readonly reported: Reported | null;
  /** Milliseconds since the epoch, when the run started. */
  readonly startedAt: number;
  readonly vantage: ProbeVantage;
}

export type Judged = { readonly finding: Finding } | { readonly notRun: NotRun };

/**
 * One check over gathered facts. A missing fact makes it "not run"; so does a judge that throws,
 * because a mistake of ours is neither a pass nor a failure of what we look at.
 */
export function judgeOne(
  check: Check,
  facts: Readonly<Record<string, Gathered>>,
  setting: JudgeSetting,
): Judged {
  const notRun = (missing: Missing, ids: readonly string[]): Judged => ({
    notRun: { check: check.id, question: check.question, facts: ids, ...missing },
  });

  const values: Record<string, unknown> = {};
  for (const [name, fact] of Object.entries(check.needs)) {
    const gathered = facts[fact.id];
    if (gathered === undefined) return notRun(neverAsked(fact.id), [fact.id]);
    if (gathered.state === "missing") return notRun(gathered.missing, [fact.id]);
    values[name] = gathered.value;
  }
  for (const [name, fact] of Object.entries(check.optional ?? {})) {
    const gathered = facts[fact.id];
    if (gathered?.state === "known") values[name] = gathered.value;
  }

  let judgement: Judgement;
  try {
    judgement = check.judge(values, {
      target: setting.target,
      reported: setting.reported,
      now: setting.startedAt,
    });
  } catch (error) {
    const missing: Missing = {
      reason: "broken",
      detail: `the check itself failed: ${messageOf(error)}`,
      mend: "report it with the run's id; the stored facts reproduce it",
      availability: "lost",
    };
    return notRun(missing, []);
  }
  if ("notRun" in judgement)
    return notRun(
      judgement.notRun,
      Object.values(check.needs).map((fact) => fact.id),
    );
  if ("lacks" in judgement) {
    const fact = check.optional?.[judgement.lacks];
    const gathered = fact === undefined ? undefined : facts[fact.id];
    const id = fact?.id ?? judgement.lacks;
    return notRun(gathered?.state === "missing" ? gathered.missing : neverAsked(id), [id]);
  }
  return { finding: toFinding(check, judgement, facts, setting) };
}

function toFinding(
  check: Check,
  judgement: Found,
  facts: Readonly<Record<string, Gathered>>,
  { target, vantage }: JudgeSetting,
): Finding {
  const outcome = check.outcomes[judgement.outcome];
  if (outcome === undefined)
    throw new Error(`${check.id} gave an undeclared outcome: ${judgement.outcome}`);
  const times = factsOf(check).flatMap((fact) => facts[fact.id]?.at ?? []);
  const link = check.consoleLink?.(target);
  return {
    check: check.id,
    question: check.question,
    status: outcome.status,
    outcome: judgement.outcome,
    summary: judgement.summary,
    evidence: judgement.evidence,
    ...(judgement.course === undefined ? {} : { course: judgement.course }),
    ...(judgement.changes === undefined ? {} : { changes: judgement.changes }),
    ...(judgement.incidents === undefined ? {} : { incidents: judgement.incidents }),
    vantage: vantageOf(check) === "internet" ? vantage : vantageOf(check),
    at: times.toSorted().at(-1) ?? "",
    ...(outcome.next === undefined ? {} : { next: outcome.next }),
    ...(link === undefined ? {} : { link }),
  };
}

const neverAsked = (fact: string): Missing => ({
  reason: "broken",
  detail: `${fact} was not gathered in this run`,
  mend: "check again",
  availability: "lost",
});

/** Every check of a plan over stored facts, in the plan's order; what replay and the end of a run share. */
export function judgeAll(
  checks: readonly Check[],
  facts: Readonly<Record<string, Gathered>>,
  /** First readings of facts that were read twice. */
  earlier: Readonly<Record<string, Gathered>>,
  setting: JudgeSetting,
): { readonly findings: readonly Finding[]; readonly notRun: readonly NotRun[] } {
  const findings: Finding[] = [];
  const notRun: NotRun[] = [];
  for (const check of checks) {
    const judged = judgeReadings(check, facts, earlier, setting);
    if ("notRun" in judged) notRun.push(judged.notRun);
    else findings.push(judged.finding);
  }
  return { findings, notRun };
}

/** The newest reading, and whether the first one of its facts, where there are two, said the same. */
export function judgeReadings(
  check: Check,
  facts: Readonly<Record<string, Gathered>>,
  /** First readings of facts that were read twice. */
  earlier: Readonly<Record<string, Gathered>>,
  setting: JudgeSetting,
): Judged {
  const judged = judgeOne(check, facts, setting);
  if ("notRun" in judged) return judged;
  const ids = factsOf(check).map(({ id }) => id);
  if (!ids.some((id) => earlier[id] !== undefined)) return judged;
  const first = judgeOne(check, { ...facts, ...earlier }, setting);
  if ("notRun" in first) return judged;
  const { outcome } = first.finding;
  if (outcome !== judged.finding.outcome)
    return { finding: { ...judged.finding, before: outcome } };
  // Where a part of it was read once, it is what one reading says.
  const twice = ids.every((id) => facts[id]?.state !== "known" || earlier[id] !== undefined);
  return twice ? { finding: { ...judged.finding, again: true } } : judged;
}
