/** What somebody did, or was not allowed to do. Nothing in it is a secret: callers redact. */
export interface AuditEntry {
  /** Slack user id, "terminal", "alarm"; null where nobody asked. */
  readonly actor: string | null;
  readonly channel: string | null;
  /** "investigate", "join", "look-inside", "split", "merge", "close", "resend", "drop", "prune", "feedback". */
  readonly action: string;
  /** What it was done to: a model, an incident, an investigation, an effect's key. */
  readonly target: string | null;
  readonly decision: "allowed" | "denied";
  readonly detail?: Readonly<Record<string, unknown>>;
}
