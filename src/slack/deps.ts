import type { Arrivals } from "#core/arrivals.ts";
import type { AuditEntry } from "#core/audit.ts";
import type { Clock } from "#core/clock.ts";
import type { Config } from "#core/config.ts";
import type { Ledger, Outbox } from "#core/incident.ts";
import type { Investigate, TicketDesk } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import type { SlackApi } from "#core/ports/slack.ts";
import type { Redactor } from "#core/redact.ts";
import type { Parsed } from "#commands/command.ts";

/** What the Slack door is handed; it constructs nothing itself. */
export interface SlackDeps {
  readonly config: Pick<Config, "models" | "plans">;
  readonly parse: (text: string) => Parsed;
  readonly investigate: Investigate;
  readonly ledger: Ledger;
  readonly outbox: Outbox;
  readonly arrivals: Arrivals;
  readonly slack: SlackApi;
  /** Null where Linear is not configured. */
  readonly tickets: TicketDesk | null;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** One redacted line for the log. */
  readonly onProblem: (problem: string) => void;
  /** "HOK-123" of an investigation's incident, where the record can tell. */
  readonly ticketOf?: (investigation: Investigation) => Promise<string | null>;
  /** Keeps who was refused what; absent where no record is kept. */
  readonly audit?: (entry: AuditEntry) => Promise<void>;
  /** Milliseconds to wait for a link before answering without it. */
  readonly linkWaitMs?: number;
}

/** Who asked, where, and how to answer only them (a command, a button) or in the thread (a mention). */
export interface Question {
  readonly user: string;
  readonly channel: string;
  /** Slack's own id of this delivery: it may come more than once. */
  readonly delivery: string | null;
  readonly reply: Reply;
  /** Only to who asked, also where `reply` is read by others. */
  readonly privately: Reply;
  /** Tells Slack that the question is kept: from now on it is ours. Every reply does it too; once is enough. */
  acknowledge(): Promise<void>;
}

export type Reply = (text: string, link?: string | null) => Promise<void>;
