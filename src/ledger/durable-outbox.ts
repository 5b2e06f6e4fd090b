import { messageOf } from "#core/errors.ts";
import { RetryLater, type Effect, type EffectHandler } from "#core/incident.ts";
import { createBreakers } from "./breakers.ts";
import {
  createEffectRows,
  leaseSeconds,
  type ClaimedEffect,
  type EffectRow,
} from "./effect-rows.ts";
import type { DeadLetter, SendingOutbox } from "./outbox.ts";
import type { Sql } from "./sql.ts";

export interface DurableOutbox extends SendingOutbox {
  list(states: readonly EffectRow["state"][]): Promise<readonly EffectRow[]>;
  /** Tries a dead letter again, behind what waits in its queue. False: there is none with this key. */
  resend(key: string): Promise<boolean>;
  /** Gives up on one that was not sent. */
  drop(key: string): Promise<boolean>;
}

export interface DurableOutboxOptions {
  readonly handlers: ReadonlyMap<string, EffectHandler>;
  readonly now: () => number;
  readonly onProblem: (problem: string) => void;
  /** Milliseconds of the first pause; doubles up to a minute. */
  readonly firstPauseMs?: number;
  /** Attempts until an effect is a dead letter, where the other side fails; about four hours. */
  readonly attemptLimit?: number;
}

/** Queues sent at the same time. */
const atOnce = 8;
const longestPauseMs = 60_000;
/** Waiting for something of our own (another message's link) does not get better with hours. */
const ownAttemptLimit = 12;
/** What another process put, or left behind, is found within this time. */
const lookMs = { embedded: 10_000, postgres: 1_000 } as const;
const orphansEveryMs = 5_000;

/** Effects as rows, sent by whichever process claims them; what is not sent at the end stays for the next one. */
export function createDurableOutbox(sql: Sql, options: DurableOutboxOptions): DurableOutbox {
  const { handlers, onProblem } = options;
  const rows = createEffectRows(sql);
  const breakers = createBreakers(options.now);
  const firstPauseMs = options.firstPauseMs ?? 500;
  const attemptLimit = options.attemptLimit ?? 240;
  const dead: DeadLetter[] = [];
  const sending = new Map<string, Promise<void>>();
  let state: "idle" | "sending" | "stopping" | "stopped" = "idle";
  let pumping: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | null = null;
  let renewing: NodeJS.Timeout | null = null;
  let orphansAt = 0;
  const settled = new Set<() => void>();

  const giveUp = async (claimed: ClaimedEffect, problem: string): Promise<void> => {
    await rows.dead(claimed, problem);
    dead.push({ effect: claimed.effect, problem });
    onProblem(`given up on ${claimed.effect.kind} ${claimed.effect.key}: ${problem}`);
  };
  const send = async (claimed: ClaimedEffect): Promise<void> => {
    const { effect, attempts } = claimed;
    const handler = handlers.get(effect.kind);
    if (handler === undefined)
      return giveUp(claimed, `nothing sends effects of kind ${effect.kind}`);
    const attempt = await breakers.attempt(effect.kind, () => handler(effect));
    if (attempt.outcome === "sent") return rows.sent(claimed);
    if (attempt.outcome === "not-tried")
      return rows.later(claimed, attempt.afterMs, attempt.problem, false);
    const { error } = attempt;
    if (!(error instanceof RetryLater)) return giveUp(claimed, messageOf(error));
    if (
      attempts >=
      (error.cause === undefined ? Math.min(ownAttemptLimit, attemptLimit) : attemptLimit)
    ) {
      return giveUp(claimed, `${messageOf(error)} (tried ${attempts} times)`);
    }
    const pause = Math.max(
      error.afterMs ?? 0,
      Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)),
    );
    return rows.later(claimed, pause, messageOf(error), true);
  };

  const pump = async (): Promise<void> => {
    do {
      again = false;
      if (options.now() >= orphansAt) {
        orphansAt = options.now() + orphansEveryMs;
        await rows.freeOrphans();
      }
      const free = atOnce - sending.size;
      const claimed = free > 0 ? await rows.claim(free) : [];
      for (const effect of claimed) {
        sending.set(effect.number, sendTracked(effect));
      }
    } while (again);
  };
  const sendTracked = async (claimed: ClaimedEffect): Promise<void> => {
    try {
      await send(claimed);
    } catch (error) {
      // The claim runs out by itself, and the effect is tried again.
      onProblem(`outbox: ${messageOf(error)}`);
    } finally {
      sending.delete(claimed.number);
      wake();
      for (const tell of settled) tell();
    }
  };
  const wake = (): void => {
    if (state !== "sending" && state !== "stopping") return;
    again = true;
    pumping ??= pump()
      .catch((error: unknown) => onProblem(`outbox: ${messageOf(error)}`))
      .finally(() => {
        pumping = null;
        // Woken between the last look and now.
        if (again) wake();
        else sleep();
      });
  };
  const sleep = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (state !== "sending") return;
    rows.nextDueMs().then(
      (due) => later(due === null || sending.size >= atOnce ? lookMs[sql.home.kind] : due),
      () => later(lookMs[sql.home.kind]),
    );
  };
  const later = (ms: number): void => {
    if (state !== "sending" || pumping !== null || timer !== null) return;
    // A head that another process is sending is due when its lease ends, and is not claimed before.
    timer = setTimeout(wake, Math.max(25, Math.min(lookMs[sql.home.kind], ms)));
    timer.unref();
  };
  const nextSettled = (limitMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, limitMs);
    settled.add(resolve);
    return promise.finally(() => {
      clearTimeout(limit);
      settled.delete(resolve);
    });
  };

  return {
    async put(effect: Effect) {
      await rows.put(effect);
      sql.whenDurable(wake);
    },
    start() {
      if (state !== "idle") return;
      state = "sending";
      renewing = setInterval(
        () => {
          if (sending.size === 0) return;
          rows
            .renew([...sending.keys()])
            .catch((error: unknown) => onProblem(`outbox: ${messageOf(error)}`));
        },
        (leaseSeconds * 1_000) / 3,
      );
      renewing.unref();
      wake();
    },
    async drained() {
      for (;;) {
        if (state === "stopped" || (await rows.waiting()) === 0) return;
        await nextSettled(250);
      }
    },
    async stop(withinMs = 8_000) {
      const deadline = options.now() + withinMs;
      if (state === "sending") {
        state = "stopping";
        wake();
        for (;;) {
          await pumping;
          if (sending.size === 0 || options.now() >= deadline) break;
          await nextSettled(Math.max(1, deadline - options.now()));
        }
      }
      state = "stopped";
      if (timer !== null) clearTimeout(timer);
      if (renewing !== null) clearInterval(renewing);
      await pumping;
    },
    dead: () => dead,
    list: (states) => rows.list(states),
    async resend(key) {
      const found = await rows.resend(key);
      wake();
      return found;
    },
    drop: (key) => rows.drop(key),
  };
}
