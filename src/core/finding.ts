import type { Status } from "./check.ts";
import type { Vantage } from "./fact.ts";
import type { Missing } from "./missing.ts";
import type { EarlierIncidents } from "./ports/earlier.ts";

/** One thing that was seen. All text is redacted. */
export interface Evidence {
  /** Short name of what was looked at: "running tasks", "POST with key". */
  readonly label: string;
  /** What was seen, as one line. */
  readonly seen: string;
  /** What a healthy system would show; absent where there is no expectation. */
  readonly wanted?: string;
}

/** Who counted errors: the application in its log, or the load balancer, its own and those of its targets. */
export type ErrorSource = "log" | "load-balancer" | "targets";

/** Errors a minute, and since when there are more of them. */
export interface ErrorCourse {
  /** Absent in older records, which knew only the log. */
  readonly source?: ErrorSource;
  /** ISO 8601: the minute of the first count. */
  readonly from: string;
  /** One count a minute, oldest first, without gaps and without our own requests. */
  readonly counts: readonly number[];
  /** ISO 8601: the best estimate and the interval that the counts allow; null: no step up. */
  readonly onset: {
    readonly low: string;
    readonly at: string;
    readonly high: string;
    /** Twice the log likelihood ratio over the dispersion; absent in older records. */
    readonly strength?: number;
  } | null;
}

/** Something that somebody changed. */
export interface Change {
  /** ISO 8601. */
  readonly at: string;
  /** Who, as the audit trail names them; null where nobody is named. */
  readonly by: string | null;
  /** "hokusai-api:43 was deployed", "RevokeSecurityGroupEgress sg-0a1b (tcp 443)". */
  readonly what: string;
  /** "image: api:5e3a917 -> api:9d41c2e"; null where before and after are not known. */
  readonly difference: string | null;
  /** Whether its time lies where a change has to lie that began the errors. */
  readonly linked: boolean;
  /**
   * How much likelier a change is there if changes begin errors than by chance; null without an onset.
   * Near 1: so much is changed here that its time says nothing.
   */
  readonly likelihoodRatio: number | null;
}

/** What some findings show beside their evidence, for charts and time lines. */
export interface Shown {
  readonly course?: ErrorCourse;
  /** Those at the time of the onset first, the nearest before the others; then newest first. */
  readonly changes?: readonly Change[];
  /** What was the matter before, with links and people's own words. */
  readonly incidents?: EarlierIncidents;
}

export interface Finding extends Shown {
  readonly check: string;
  readonly question: string;
  readonly status: Status;
  readonly outcome: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly vantage: Vantage;
  /** ISO 8601, when the newest of its facts was gathered. */
  readonly at: string;
  readonly next?: string;
  readonly link?: string;
  /** The outcome of the first reading, where a second one disagreed. */
  readonly before?: string;
  /** Read twice within the run, and seen alike both times: no fluke of one reading. */
  readonly again?: true;
}

export interface NotRun extends Missing {
  readonly check: string;
  readonly question: string;
  /** The facts that were missing. */
  readonly facts: readonly string[];
}
