import type { Cause } from "../feedback.ts";
import { notApplicable } from "../missing.ts";
import type { EcsTask } from "./aws.ts";

/** A task that ECS had stopped, as runs of ours saw it. All text is redacted. */
export interface SeenStoppedTask {
  readonly task: EcsTask;
  /** ISO 8601: when a run saw it for the first and for the last time. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** An incident that is over and in which something was the matter. All text is redacted. */
export interface EarlierIncident {
  /** UUID of the incident. */
  readonly id: string;
  /** The model whose run said what was the matter. */
  readonly model: string;
  /** ISO 8601: when the first of its runs began. */
  readonly beganAt: string;
  /** How it was over, and when (ISO 8601). */
  readonly ended: { readonly how: EarlierEnd; readonly at: string };
  /** What the newest verdict of a fault named, "other" among them; empty where no verdict named anything. */
  readonly named: readonly NamedCause[];
  /** What people said it was, which counts for more; null where nobody said. */
  readonly said: readonly NamedCause[] | null;
  /** Their own words; null also where they wrote them in another channel than the one that asks now. */
  readonly note: string | null;
  readonly ticket: { readonly id: string; readonly url: string | null } | null;
  /** Permalink of its Slack thread. */
  readonly thread: string | null;
}

/** "works": its last look found nothing wrong. "closed": somebody closed it. "quiet": nobody looked any more. */
export type EarlierEnd = "works" | "closed" | "quiet";

/** Claims are those of the plan that was followed then; null of a cause that is in another one. */
export type NamedCause = Pick<Cause, "id"> & { readonly claim: string | null };

/** Newest first, and how many there are in all. */
export interface EarlierGroup {
  readonly count: number;
  readonly newest: readonly EarlierIncident[];
}

/** How far back is looked: runs of which nobody said anything are kept as long (docs/operations.md, Retention). */
export const earlierDays = 90;

export interface EarlierIncidents {
  /** Those in which this model was what was looked at. */
  readonly own: EarlierGroup;
  /** Those of other models on the same service. */
  readonly service: EarlierGroup;
}

/** What a record is asked for. Times are ISO 8601. */
export interface EarlierQuery {
  readonly model: string;
  readonly service: string;
  /** The incident that is going on: neither it nor what took it over is an earlier one. */
  readonly incident: string;
  /** Its Slack channel: what people wrote in another one was not written for its readers. */
  readonly channel: string | null;
  /** Runs that began before this are not looked at. */
  readonly since: string;
}

/** What earlier runs of the same incident saw and the other side forgets, and what was the matter before it. */
export interface EarlierPort {
  /** Those that a run saw at this time (ISO 8601) or later, newest first; none where nothing is kept. */
  stoppedTasks(since: string, signal: AbortSignal): Promise<readonly SeenStoppedTask[]>;
  /** Of this model and its service, in runs since then (ISO 8601). Throws FactUnavailable where nothing is kept. */
  incidents(model: string, since: string, signal: AbortSignal): Promise<EarlierIncidents>;
}

/** A run without a record: a terminal, a test. That nothing is known of is not that nothing was. */
export const nothingEarlier: EarlierPort = {
  stoppedTasks: () => Promise.resolve([]),
  incidents: () =>
    Promise.reject(
      notApplicable(
        "a run from a terminal has no record of incidents",
        "ask in Slack: the bot keeps a record",
      ),
    ),
};
