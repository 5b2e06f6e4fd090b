import type { Noise } from "./check.ts";
import type { Plan } from "./plan.ts";

export type HypothesisVerdict =
  | "confirmed"
  | "likely"
  | "possible"
  | "unlikely"
  | "ruled-out"
  | "untested";
export type RunVerdict = "fault" | "healthy" | "not-reproduced" | "inconclusive";

/** The fault nobody listed. */
export const OTHER = "other";

/** What weighing has to know of a check. */
export interface CheckShape {
  /** The first is normal. */
  readonly outcomes: readonly string[];
  readonly noise: Noise;
  /** Further outcomes, which tell of what is over: they are no evidence. */
  readonly history?: readonly string[];
  /** Relative cost of running it, for what to look at next. */
  readonly cost: number;
}

export interface Observed {
  readonly check: string;
  readonly outcome: string;
  /** One line for people, shown in because-lines. */
  readonly summary: string;
  /** Read twice, and seen alike both times. */
  readonly again?: boolean;
}

export interface WeighInput {
  readonly plan: Plan;
  readonly checks: Readonly<Record<string, CheckShape>>;
  readonly observed: readonly Observed[];
  /** Checks that did not run. */
  readonly missing: readonly string[];
  /** Whether somebody reported a symptom: a healthy run is then "not reproduced". */
  readonly symptomReported: boolean;
}

/** One reason for or against: the log likelihood ratio (nats) that this check contributes. */
export interface Because {
  readonly check: string;
  readonly outcome: string;
  readonly summary: string;
  readonly weight: number;
}

export interface WeighedHypothesis {
  readonly id: string;
  readonly claim: string;
  /** 0 to 1, marginal over all sets of faults that contain it. */
  readonly probability: number;
  readonly verdict: HypothesisVerdict;
  /** Strongest first; positive weights speak for it. */
  readonly because: readonly Because[];
  /** The leading hypotheses that hide this one's signs; empty unless untested behind a fault. */
  readonly maskedBy: readonly string[];
  readonly side: "service" | "caller";
}

export interface Diagnosis {
  readonly verdict: RunVerdict;
  /** The most probable set of faults, in path order; empty: nothing is wrong. May hold "other". */
  readonly leading: readonly string[];
  /** Why the verdict is not healthy although nothing is accused; null elsewhere. */
  readonly inconclusiveBecause: string | null;
  readonly probabilityHealthy: number;
  /** Most probable first; ties in path order. "other" is among them. */
  readonly hypotheses: readonly WeighedHypothesis[];
  /** The three or four strongest reasons for the leading set against the best set without its leader. */
  readonly why: readonly Because[];
  /** What would tell most, among what has not run, best first. */
  readonly nextChecks: readonly { readonly check: string; readonly gain: number }[];
  /** Fixes and human steps in the order of probability over cost. */
  readonly nextSteps: readonly { readonly hypothesis: string; readonly step: string }[];
}

/** Weigh: pure, the same bytes for the same evidence in whatever order it came. */
export type Weigh = (input: WeighInput) => Diagnosis;
/** Checks that have to be seen twice before the verdict is said, what matters most first. */
export type Pivotal = (input: WeighInput) => readonly string[];
