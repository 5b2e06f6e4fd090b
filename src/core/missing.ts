/**
 * A fact that could not be had. It is not a failure and not a pass of what we look at:
 * the checks that need it become "not run".
 */
export type MissingReason =
  | "denied" // the other side refused us: permission, credentials
  | "broken" // it could not be asked, or its answer made no sense
  | "not-applicable" // nothing to ask here: not configured, switched off, not visible from this vantage
  | "timed-out-here"; // our own deadline; a time-out of the target is an outcome, not this

export interface Missing {
  readonly reason: MissingReason;
  /** One line: what was tried and what came back, redacted. */
  readonly detail: string;
  /** The permission, setting or step that would mend it, as one line. */
  readonly mend: string;
  /**
   * "lost": it should be there and is not today. "never": this installation never sees it.
   * "moot": as things stand there is nothing to look at (no task, so no task's health).
   */
  readonly availability: "lost" | "never" | "moot";
}

/** Thrown by clients and facts, caught by the engine only. */
export class FactUnavailable extends Error {
  readonly missing: Missing;

  constructor(
    missing: Omit<Missing, "availability"> & Partial<Pick<Missing, "availability">>,
    cause?: unknown,
  ) {
    super(missing.detail, { cause });
    this.name = "FactUnavailable";
    this.missing = {
      ...missing,
      availability:
        missing.availability ?? (missing.reason === "not-applicable" ? "never" : "lost"),
    };
  }
}

/** The service refused us; `action` is the permission to grant, e.g. "ecs:DescribeServices". */
export const denied = (action: string, detail: string, cause?: unknown): FactUnavailable =>
  new FactUnavailable({ reason: "denied", detail, mend: `grant ${action}` }, cause);

/** This installation cannot see it; `mend` says what to configure to change that. */
export const notApplicable = (detail: string, mend: string): FactUnavailable =>
  new FactUnavailable({ reason: "not-applicable", detail, mend });
