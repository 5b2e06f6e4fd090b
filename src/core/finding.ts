import type { Status } from "./check.ts";
import type { Vantage } from "./fact.ts";
import type { Missing } from "./missing.ts";

/** One thing that was seen. All text is redacted. */
export interface Evidence {
  /** Short name of what was looked at: "running tasks", "POST with key". */
  readonly label: string;
  /** What was seen, as one line. */
  readonly seen: string;
  /** What a healthy system would show; absent where there is no expectation. */
  readonly wanted?: string;
}

export interface Finding {
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
}

export interface NotRun extends Missing {
  readonly check: string;
  readonly question: string;
  /** The facts that were missing. */
  readonly facts: readonly string[];
}
