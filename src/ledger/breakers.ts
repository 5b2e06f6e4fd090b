import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from "cockatiel";
import { RetryLater } from "#core/incident.ts";

/** Failures in a row after which a service is left alone for a while. */
const failuresToOpen = 5;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

export type Attempt =
  | { readonly outcome: "sent" }
  /** Nothing was asked: the service is left alone for so long. */
  | { readonly outcome: "not-tried"; readonly afterMs: number; readonly problem: string }
  | { readonly outcome: "failed"; readonly error: unknown };

/** One breaker a service ("slack", "linear"), so that a service that is down is asked once, not by everybody. */
export interface Breakers {
  attempt(kind: string, send: () => Promise<void>): Promise<Attempt>;
  /** Services that are left alone now. */
  open(): readonly string[];
}

/** The other side failed to answer; a limit it named, or something of ours that is not ready, is no failure of it. */
const isServiceFailure = (error: unknown): boolean =>
  error instanceof RetryLater && error.afterMs === null && error.cause !== undefined;

export function createBreakers(now: () => number): Breakers {
  const breakers = new Map<string, CircuitBreakerPolicy>();
  const limited = new Map<string, number>();
  const breakerOf = (service: string): CircuitBreakerPolicy => {
    const known = breakers.get(service);
    if (known !== undefined) return known;
    const made = circuitBreaker(handleWhen(isServiceFailure), {
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: firstPauseMs,
        maxDelay: longestPauseMs,
      }),
      breaker: new ConsecutiveBreaker(failuresToOpen),
    });
    breakers.set(service, made);
    return made;
  };

  return {
    async attempt(kind, send) {
      const service = kind.split(".", 1)[0] ?? kind;
      const wait = (limited.get(service) ?? 0) - now();
      if (wait > 0)
        return { outcome: "not-tried", afterMs: wait, problem: `${service} asked us to wait` };
      try {
        await breakerOf(service).execute(send);
        return { outcome: "sent" };
      } catch (error) {
        if (isBrokenCircuitError(error)) {
          return {
            outcome: "not-tried",
            afterMs: firstPauseMs,
            problem: `${service} does not answer`,
          };
        }
        if (error instanceof RetryLater && error.afterMs !== null && error.cause !== undefined) {
          limited.set(service, now() + error.afterMs);
        }
        return { outcome: "failed", error };
      }
    },
    open: () =>
      [...breakers]
        .filter(([, breaker]) => breaker.state === CircuitState.Open)
        .map(([service]) => service),
  };
}
