import type { Effect, Outbox } from "#core/incident.ts";

export interface DeadLetter {
  readonly effect: Effect;
  readonly problem: string;
}

/** An outbox with its sender. */
export interface SendingOutbox extends Outbox {
  /** Begins to send, also what an earlier process left. Call it once every handler is known. */
  start(): void;
  /** Effects that this process gave up on, newest last. */
  dead(): readonly DeadLetter[];
  /** Sends what is due now, within the limit, then nothing more. */
  stop(withinMs?: number): Promise<void>;
}
