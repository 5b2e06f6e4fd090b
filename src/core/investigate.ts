import type { Incident } from "./incident.ts";
import type { Asker, Investigation, InvestigationEvent } from "./investigation.ts";
import type { Reported, Target } from "./target.ts";

export interface InvestigateRequest {
  readonly target: Target;
  /** A plan's id; null for the checks of every plan. */
  readonly plan: string | null;
  readonly reported: Reported | null;
  readonly asker: Asker;
  /** Slack channel in which the thread is wanted; null for none. */
  readonly channel: string | null;
  /** "HOK-123" where somebody named one. */
  readonly ticket: string | null;
  /** The sender's own id of this request: delivered twice, it is one request. */
  readonly delivery?: string | null;
  /** The asker approved a look from inside the running container (ECS Exec), for this run only. */
  readonly inside?: boolean;
}

export interface Investigating {
  readonly incident: Incident;
  readonly investigationId: string;
  /** The same question was being looked at already: nothing new was started. */
  readonly joined: boolean;
  /** Resolves at the end of the run, however it ends. */
  readonly done: Promise<Investigation>;
}

/** Starts a run, or joins the one that answers the same question. Resolves as soon as it is recorded. */
export type Investigate = (request: InvestigateRequest) => Promise<Investigating>;

/** Shows incidents somewhere (Slack thread, ticket). Gets every event together with the fold so far. */
export interface View {
  onEvent(
    incident: Incident,
    investigation: Investigation,
    event: InvestigationEvent,
  ): Promise<void>;
  /** Shows what changed outside a run (a ticket was opened). */
  refresh(incident: Incident): Promise<void>;
  /** Ends its timers; writes that were being held back are dropped. */
  close(): void;
}

/** Opens the ticket of an incident that has none, or brings the one it has up to date. */
export interface TicketDesk {
  open(incident: Incident, investigation: Investigation): Promise<void>;
}
