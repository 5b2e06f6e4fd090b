import type { Clock } from "./clock.ts";
import type { Ledger, Posted } from "./incident.ts";

/** What became of something that was put into the outbox. */
export type Arrival =
  | { readonly state: "arrived"; readonly posted: Posted }
  | { readonly state: "refused"; readonly code: string }
  | { readonly state: "pending" };

/**
 * Lets a door wait for an effect ("follow it here: link") without asking over and over. The ledger
 * is the truth; this only wakes whoever waits in this process.
 */
export interface Arrivals {
  arrived(posted: Posted): void;
  refused(key: string, code: string): void;
  /** "pending" once the signal fires. A refusal from before `since` (milliseconds, epoch) does not count. */
  wait(key: string, since: number, signal: AbortSignal): Promise<Arrival>;
}

/** Refusals are kept a while: the outbox may be faster than the door that asks. */
const rememberedRefusals = 200;

export function createArrivals(ledger: Pick<Ledger, "posted">, clock: Clock): Arrivals {
  const waiting = new Map<string, Set<(arrival: Arrival) => void>>();
  const refusals = new Map<string, { readonly code: string; readonly at: number }>();
  const tell = (key: string, arrival: Arrival): void => {
    for (const resolve of waiting.get(key) ?? []) resolve(arrival);
  };

  return {
    arrived(posted) {
      refusals.delete(posted.key);
      tell(posted.key, { state: "arrived", posted });
    },
    refused(key, code) {
      refusals.set(key, { code, at: clock.now() });
      const oldest = refusals.keys().next().value;
      if (refusals.size > rememberedRefusals && oldest !== undefined) refusals.delete(oldest);
      tell(key, { state: "refused", code });
    },
    async wait(key, since, signal) {
      const told = Promise.withResolvers<Arrival>();
      const waiters = waiting.get(key) ?? new Set();
      waiting.set(key, waiters.add(told.resolve));
      const giveUp = (): void => told.resolve({ state: "pending" });
      signal.addEventListener("abort", giveUp, { once: true });
      try {
        if (signal.aborted) giveUp();
        const known = await ledger.posted(key);
        const refusal = refusals.get(key);
        if (known !== null && known.ref !== "") return { state: "arrived", posted: known };
        if (refusal !== undefined && refusal.at >= since)
          return { state: "refused", code: refusal.code };
        return await told.promise;
      } finally {
        signal.removeEventListener("abort", giveUp);
        waiters.delete(told.resolve);
        if (waiters.size === 0 && waiting.get(key) === waiters) waiting.delete(key);
      }
    },
  };
}
