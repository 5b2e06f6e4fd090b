import type { Feedback } from "./feedback.ts";
import type { Investigation, InvestigationEvent } from "./investigation.ts";
import type { EarlierIncidents, EarlierQuery, SeenStoppedTask } from "./ports/earlier.ts";

/**
 * The investigations of one service while something is wrong with it: one Slack thread, one ticket,
 * one living comment. A view (Slack, Linear) never holds state of its own: what it has shown is a
 * `Posted` row here, and what it should show is computed from the investigations.
 */
export interface Incident {
  /** UUID. */
  readonly id: string;
  readonly service: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** Slack channel id; null where the incident has no thread. */
  readonly channel: string | null;
  /** "HOK-123", where somebody named or opened one. */
  readonly ticket: string | null;
  /** Ids, oldest first. */
  readonly investigations: readonly string[];
  /** Slack user id of who leads; null or absent: nobody yet. */
  readonly lead?: string | null;
  /** The incident that took over its investigations. */
  readonly mergedInto?: string | null;
}

/** One message, comment or attachment of ours as it was last sent. */
export interface Posted {
  /** The deterministic key of the effect that created it. */
  readonly key: string;
  /** Where it lives: Slack ts, Linear id. Empty: an attempt was begun and its outcome is not known. */
  readonly ref: string;
  /** SHA-256 of what was last sent: an edit that would change nothing is not sent. */
  readonly hash: string;
  readonly url: string | null;
}

/** The durable record. Issue 3 puts it on Postgres; the in-memory one serves tests and the terminal. */
export interface Ledger {
  /** The open incident of a service, or a new one. */
  openIncident(service: string, channel: string | null): Promise<Incident>;
  incident(id: string): Promise<Incident | null>;
  amendIncident(
    id: string,
    change: Partial<Pick<Incident, "ticket" | "channel" | "closedAt" | "lead">>,
  ): Promise<Incident>;
  append(incident: string, investigation: string, event: InvestigationEvent): Promise<void>;
  investigation(id: string): Promise<Investigation | null>;
  /** Newest investigation of a model that reached a verdict or still runs; null where there is none. */
  newestInvestigation(model: string): Promise<Investigation | null>;
  /** Newest investigation of a model that reached a verdict, whatever runs since; null where there is none. */
  newestResult(model: string): Promise<Investigation | null>;
  /** Tasks of a service that ECS stopped, as appended events told of them at this time or later; newest first. */
  stoppedTasks(service: string, since: string): Promise<readonly SeenStoppedTask[]>;
  /**
   * Incidents that are over (closed, or quiet for so long that the next question opens another), and in which
   * something was the matter: people named a cause, or a verdict found a fault that they did not call nothing.
   * A merged one counts as part of what took it over.
   */
  earlierIncidents(query: EarlierQuery): Promise<EarlierIncidents>;
  /** Keeps it; the same person saying the same again, with nobody in between, is nothing new. */
  giveFeedback(feedback: Feedback): Promise<void>;
  /** What people said of a run, in the order in which they said it. */
  feedback(investigation: string): Promise<readonly Feedback[]>;
  /** Ids of the runs of which somebody said what was the matter, in the order in which they ended. */
  investigationsWithFeedback(): Promise<readonly string[]>;
  posted(key: string): Promise<Posted | null>;
  recordPosted(row: Posted): Promise<void>;
  /** All or nothing, effects put meanwhile included; absent where nothing is kept. May be nested. */
  atomically?<Value>(work: () => Promise<Value>): Promise<Value>;
}

/**
 * Something to do in the outside world, at least once, seen once. The key is deterministic
 * (incident, slot, generation): sending the same key twice is one effect.
 */
export interface Effect<Kind extends string = string, Payload = unknown> {
  readonly key: string;
  /** Effects of one queue are sent in order, one at a time. */
  readonly queue: string;
  readonly kind: Kind;
  readonly payload: Payload;
  /** A later effect with the same `replaces` makes an unsent one unnecessary (edits). */
  readonly replaces?: string;
}

export interface Outbox {
  /** Resolves when the effect is recorded, not when it is sent. */
  put(effect: Effect): Promise<void>;
  /** Resolves when everything put so far is sent or has failed for good. */
  drained(): Promise<void>;
}

/** Sends one kind of effect; throws RetryLater, or anything else where trying again is pointless. */
export type EffectHandler = (effect: Effect) => Promise<void>;

/** Thrown by a handler when the other side was busy or out of reach: the effect is tried again. */
export class RetryLater extends Error {
  /** Milliseconds to wait at least; null where the other side did not say. */
  readonly afterMs: number | null;

  constructor(message: string, afterMs: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.name = "RetryLater";
    this.afterMs = afterMs;
  }
}
