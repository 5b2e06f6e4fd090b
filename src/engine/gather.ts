import { isoTime, type Clock } from "#core/clock.ts";
import { messageOf } from "#core/errors.ts";
import type { Fact, Gathered } from "#core/fact.ts";
import { FactUnavailable, type Missing } from "#core/missing.ts";
import type { Ports } from "#core/ports.ts";
import type { Redactor } from "#core/redact.ts";
import type { Reported, Target } from "#core/target.ts";

export interface GatherSetting {
  readonly ports: Ports;
  readonly target: Target;
  readonly reported: Reported | null;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly runId: string;
  /** Whether this run may look from inside the running container. */
  readonly inside?: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
}

/** Asks for one fact, whose needs are known. Never throws; never outlives the fact's deadline. */
export async function gatherOne(
  fact: Fact,
  needs: Readonly<Record<string, Gathered>>,
  setting: GatherSetting,
): Promise<Gathered> {
  const began = setting.clock.now();
  const finish = (result: { value: unknown } | { missing: Missing }): Gathered => {
    const ended = setting.clock.now();
    const at = isoTime(ended);
    const tookMs = Math.max(0, Math.round(ended - began));
    return "missing" in result
      ? { state: "missing", at, tookMs, missing: setting.redactor.json(result.missing) }
      : { state: "known", at, tookMs, value: setting.redactor.json(result.value ?? null) };
  };

  const lacking = Object.values(needs).find((need) => need.state === "missing");
  if (lacking?.state === "missing") return finish({ missing: lacking.missing });
  const facts = Object.fromEntries(
    Object.entries(needs).map(([name, need]) => [name, need.state === "known" ? need.value : null]),
  );

  const deadline = AbortSignal.timeout(fact.deadlineMs);
  const signal = AbortSignal.any([setting.signal, deadline]);
  try {
    const value = await withSignal(
      signal,
      fact.gather({
        ports: setting.ports,
        target: setting.target,
        reported: setting.reported,
        facts,
        signal,
        now: setting.startedAt,
        runId: setting.runId,
        inside: setting.inside === true,
      }),
    );
    return finish({ value });
  } catch (error) {
    return finish({ missing: toMissing(error, fact, signal) });
  }
}

function toMissing(error: unknown, fact: Fact, signal: AbortSignal): Missing {
  if (error instanceof FactUnavailable) return error.missing;
  if (signal.aborted) {
    return {
      reason: "timed-out-here",
      detail: `no answer for ${fact.id} within ${(fact.deadlineMs / 1000).toFixed(1)} s`,
      mend: "check again; where it stays, look at the network between the bot and what it asks",
      availability: "lost",
    };
  }
  return {
    reason: "broken",
    detail: `${fact.id}: ${messageOf(error)}`,
    mend: "check again; where it stays, report it with the run's id",
    availability: "lost",
  };
}

/** Settles when the signal fires, even where the work ignores it. */
async function withSignal<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  if (signal.aborted) {
    work.catch(() => undefined);
    throw signal.reason;
  }
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    work.catch(() => undefined);
  }
}
