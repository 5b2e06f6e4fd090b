import type { RunVerdict } from "./diagnosis.ts";

/** An investigation plan as data: what operators read and change in plans/*.yaml. */
export type Strength = "certain" | "expected" | "usual" | "sometimes" | "rare";
export type PriorWord = "high" | "medium" | "low";

/** A check together with one of its outcomes. Written "check = outcome" in YAML; "*" is any outcome. */
export interface Sign {
  readonly check: string;
  readonly outcome: string;
}

export const anyOutcome = "*";

/** What one hypothesis says about one check: with this strength, one of these outcomes. */
export interface Effect {
  readonly strength: Strength;
  readonly outcomes: readonly string[];
}

/**
 * One of the ways in which a fault comes about, where they do not show alike: a name that is gone, a name
 * that leads elsewhere. What it shows is complete: what all modes of the fault show is in it.
 */
export interface Mode {
  readonly id: string;
  /** Narrower than that of the hypothesis; null where it has none of its own. */
  readonly claim: string | null;
  /** How likely it is among the modes of its hypothesis. */
  readonly prior: PriorWord;
  readonly effects: Readonly<Record<string, Effect>>;
}

export interface Hypothesis {
  readonly id: string;
  readonly claim: string;
  readonly prior: PriorWord;
  /** What it shows in each of its modes. */
  readonly effects: Readonly<Record<string, Effect>>;
  /** At least two; absent where there is but one. */
  readonly modes?: readonly Mode[];
  readonly confirmedBy: readonly Sign[];
  /** Minutes a person needs for the fix; orders the next steps (probability over cost). */
  readonly fixCost: number;
  /** What to do when it leads, first things first. */
  readonly next: readonly string[];
  /**
   * Whose side the fault is on. "caller": the API works once the request is corrected (not an outage).
   */
  readonly side: "service" | "caller";
}

/** The modes of a hypothesis; one without a name where it has but one. */
export const modesOf = ({ effects, modes }: Hypothesis): readonly Mode[] =>
  modes ?? [{ id: "", claim: null, prior: "medium", effects }];

/**
 * Where the check `of` gave another outcome than one of `unless`, these signs only repeat it: they are
 * shown, and no evidence of their own ("*": whatever is not normal).
 */
export interface Echo {
  readonly of: string;
  readonly unless: readonly string[];
  readonly signs: readonly Sign[];
}

export interface Priority {
  readonly level: number;
  readonly title: string;
  /** What a person would take for it by hand. */
  readonly minutes: number;
  readonly checks: readonly string[];
}

export interface KeyQuestion {
  readonly id: string;
  readonly question: string;
  /** The first answer whose sign was seen is given; none seen: unknown. */
  readonly answers: readonly { readonly when: readonly Sign[]; readonly answer: string }[];
}

export interface SuccessCriterion {
  readonly id: string;
  readonly text: string;
  /** Met when every one of these was seen; not met when the check ran otherwise; else not tested. */
  readonly metBy: readonly Sign[];
  /** Where present, the run must also have ended with one of these verdicts: no cause, no "cause found". */
  readonly verdicts?: readonly RunVerdict[];
}

/** Symptoms a customer can report, and which plan's column of priors each selects. */
export type SymptomWord =
  | "timeout"
  | "405"
  | "401"
  | "403"
  | "404"
  | "422"
  | "429"
  | "5xx"
  | "connection"
  | "other";

export interface Plan {
  readonly id: string;
  readonly title: string;
  /** The reported symptoms for which this plan's priors are used. */
  readonly symptoms: readonly SymptomWord[];
  readonly priorities: readonly Priority[];
  /** In path order, upstream first: the order decides who claims a sign first. */
  readonly hypotheses: readonly Hypothesis[];
  /** How much the fault nobody listed expects each abnormal outcome: check -> outcome -> weight. */
  readonly other: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly echoes?: readonly Echo[];
  /** A run is healthy only when all of these were seen. */
  readonly healthyNeeds: readonly Sign[];
  /**
   * The chain from the customer's URL to the service. Where it is broken the run is inconclusive,
   * unless one of `explainedBy` leads (it does not rest on what AWS says of the service).
   */
  readonly chain: {
    readonly check: string;
    readonly proven: string;
    readonly explainedBy: readonly string[];
  } | null;
  readonly questions: readonly KeyQuestion[];
  readonly successCriteria: readonly SuccessCriterion[];
}

export const checksOf = (plan: Plan): readonly string[] => [
  ...new Set(plan.priorities.flatMap((priority) => priority.checks)),
];
