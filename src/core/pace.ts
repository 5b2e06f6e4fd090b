import { messageOf } from "./errors.ts";

/**
 * Holds back writes that follow each other too fast: the newest one of a key is made when its time
 * comes, those in between never. Nothing durable: what is lost here is computed again from the ledger.
 */
export interface Pace {
  /** At once when the last write of this key is old enough, else later (or never, if a newer one comes). */
  offer(key: string, write: () => Promise<void>): Promise<void>;
  /** Now, in place of whatever is being held back. */
  now(key: string, write: () => Promise<void>): Promise<void>;
  /** Nothing more is expected of this key. */
  forget(key: string): void;
  close(): void;
}

export interface PaceOptions {
  readonly gapMs: number;
  readonly now: () => number;
  /** Starts a timer; gives what cancels it. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** A held-back write that failed has nobody else to tell. */
  readonly onProblem: (problem: string) => void;
}

export function createPace(options: PaceOptions): Pace {
  const last = new Map<string, number>();
  const held = new Map<string, { cancel: () => void; write: () => Promise<void> }>();

  const drop = (key: string): void => {
    held.get(key)?.cancel();
    held.delete(key);
  };
  const write = async (key: string, act: () => Promise<void>): Promise<void> => {
    drop(key);
    last.set(key, options.now());
    await act();
  };

  return {
    async offer(key, act) {
      const waiting = held.get(key);
      if (waiting !== undefined) {
        waiting.write = act;
        return;
      }
      const wait = (last.get(key) ?? Number.NEGATIVE_INFINITY) + options.gapMs - options.now();
      if (wait <= 0) {
        await write(key, act);
        return;
      }
      const entry = { write: act, cancel: (): void => undefined };
      entry.cancel = options.after(wait, () => {
        write(key, entry.write).catch((error: unknown) => options.onProblem(messageOf(error)));
      });
      held.set(key, entry);
    },
    now: write,
    forget(key) {
      drop(key);
      last.delete(key);
    },
    close() {
      for (const key of held.keys()) drop(key);
    },
  };
}
