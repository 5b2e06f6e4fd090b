import type { Incident } from "./incident.ts";
import type { Asker } from "./investigation.ts";
import type { Reported } from "./target.ts";

/** A question as it is kept: the model by its id, so that the configuration of the day answers it. */
export interface Command {
  readonly model: string;
  readonly service: string;
  readonly plan: string | null;
  readonly reported: Reported | null;
  readonly asker: Asker;
  readonly channel: string | null;
  readonly ticket: string | null;
  /** The asker approved a look from inside the running container. */
  readonly inside?: boolean;
}

export interface Accepted {
  readonly incident: Incident;
  readonly investigationId: string;
  /** The same question, or the same delivery, is being worked on already. */
  readonly joined: boolean;
}

/** A command that this process works on now. */
export interface Claimed {
  readonly investigationId: string;
  readonly incident: Incident;
  readonly command: Command;
  /** How often work on it was broken off before. */
  readonly interruptions: number;
}

/** "done": finished for good. "hand-over": whoever comes next goes on. */
export type WorkResult = "done" | "hand-over";

/** Questions that survive: kept before they are acknowledged, handed out again until they are done. */
export interface CommandQueue {
  /**
   * `question`: equal for two requests that one run answers. `delivery`: the sender's own id of this
   * request, so that a repeated delivery is one command; null where it has none.
   */
  accept(command: Command, question: string, delivery: string | null): Promise<Accepted>;
  /** Hands out what was accepted, also by processes that died. Called once. */
  work(act: (claimed: Claimed) => Promise<WorkResult>): Promise<void>;
  /** Resolves when this run has ended, wherever it is worked on; rejects when the signal fires. */
  ended(investigation: string, signal: AbortSignal): Promise<void>;
  /** Hands out nothing more, and waits for what was handed out. */
  stop(): Promise<void>;
}

/** Thrown when something is recorded of a run that another process has taken over. */
export class LostClaim extends Error {
  constructor(investigation: string) {
    super(`investigation ${investigation} is unknown, or worked on by another process now`);
    this.name = "LostClaim";
  }
}
