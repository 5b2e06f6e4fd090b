import type { Fact, FactMap, Values, Vantage } from "./fact.ts";
import type { Evidence, Shown } from "./finding.ts";
import type { Missing } from "./missing.ts";
import type { Reported, Target } from "./target.ts";

export type Status = "ok" | "degraded" | "failing";

/** How often an outcome is wrong by itself; the figures are in facts of the diagnosis (docs/diagnosis.md). */
export type Noise = "read" | "probe" | "lasting" | "log";

/** One outcome a check can give: how serious it is, how to read it, and what to do about it. */
export interface Outcome {
  readonly status: Status;
  /** One sentence that explains the outcome to somebody who has not read the code. */
  readonly means: string;
  /** What to do next; absent for "ok". */
  readonly next?: string;
  /** It tells of what is over: shown, and never weighed for or against a fault of now. */
  readonly history?: true;
}

/** The same outcome as news of the past. */
export const past = (outcome: Outcome): Outcome => ({ ...outcome, history: true });
export const ok = (means: string): Outcome => ({ status: "ok", means });
export const degraded = (means: string, next: string): Outcome => ({
  status: "degraded",
  means,
  next,
});
export const failing = (means: string, next: string): Outcome => ({
  status: "failing",
  means,
  next,
});

export interface Found<Name extends string = string> extends Shown {
  readonly outcome: Name;
  /** One line, what was seen beside what was wanted: "2 of 2 tasks", "connect timeout after 3.0 s". */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
}
export type Judgement<Name extends string = string, Optional extends string = string> =
  | Found<Name>
  | { readonly notRun: Missing }
  | { readonly lacks: Optional };

export const found = <const Name extends string>(
  outcome: Name,
  summary: string,
  evidence: readonly Evidence[] = [],
  shown: Shown = {},
): Found<Name> => ({ outcome, summary, evidence, ...shown });

/** For a judge that has its facts and still cannot tell: never a pass, never a failure. */
export const cannotTell = (detail: string, mend: string): { readonly notRun: Missing } => ({
  notRun: { reason: "not-applicable", detail, mend, availability: "moot" },
});

/**
 * For a judge whose answer would rest on an optional fact that could not be had, by its name in `optional`:
 * not run, for that fact's reason. What was not seen is neither healthy nor failing.
 */
export const lacks = <const Optional extends string>(
  fact: Optional,
): { readonly lacks: Optional } => ({ lacks: fact });

export interface JudgeContext {
  readonly target: Target;
  readonly reported: Reported | null;
  /** Milliseconds since the epoch, when the run started. Judges have no other clock. */
  readonly now: number;
}

/** Judge: pure. Sees the facts it declared and nothing else; no I/O, no clock, no try/catch, no Slack text. */
export interface Check<
  Name extends string = string,
  Needs extends FactMap = FactMap,
  Optional extends FactMap = FactMap,
> {
  /** "<area>/<name>", which is its path below src/checks. */
  readonly id: string;
  /** What a person would ask, with a question mark. */
  readonly question: string;
  readonly needs: Needs;
  /** Facts that sharpen the answer; undefined where they could not be had. */
  readonly optional?: Optional;
  /** The first is the normal one. */
  readonly outcomes: Readonly<Record<Name, Outcome>>;
  readonly noise: Noise;
  /** AWS console page that shows the same thing, where there is one. */
  consoleLink?(target: Target): string;
  judge(
    facts: Values<Needs> & Partial<Values<Optional>>,
    context: JudgeContext,
  ): Judgement<NoInfer<Name>, Extract<keyof NoInfer<Optional>, string>>;
}

export function defineCheck<
  const Name extends string,
  const Needs extends FactMap,
  const Optional extends FactMap = Record<never, never>,
>(check: Check<Name, Needs, Optional>): Check<Name, Needs, Optional> {
  return check;
}

/** Every fact a check may read, mandatory ones first. */
export const factsOf = (check: Check): readonly Fact[] => [
  ...Object.values(check.needs),
  ...Object.values(check.optional ?? {}),
];

export const normalOutcome = (check: Check): string => Object.keys(check.outcomes)[0] ?? "";

/** The most distant place a check's mandatory facts were seen from. */
export const vantageOf = (check: Check): Vantage =>
  Object.values(check.needs).find((fact) => fact.vantage !== "aws")?.vantage ?? "aws";
