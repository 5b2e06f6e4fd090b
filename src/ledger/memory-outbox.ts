import { messageOf } from "#core/errors.ts";
import { RetryLater, type Effect, type EffectHandler } from "#core/incident.ts";
import type { DeadLetter, SendingOutbox } from "./outbox.ts";

const attemptLimit = 6;
const longestPauseMs = 60_000;

/**
 * Effects in memory: each queue in order, one at a time, tried again with growing pauses. A later
 * effect that replaces an unsent one takes its place, so that edits never pile up.
 */
export function createMemoryOutbox(
  handlers: ReadonlyMap<string, EffectHandler>,
  { firstPauseMs = 500 }: { readonly firstPauseMs?: number } = {},
): SendingOutbox {
  const queues = new Map<string, Effect[]>();
  const running = new Map<string, Promise<void>>();
  const dead: DeadLetter[] = [];
  const stopping = new AbortController();

  const attempt = async (effect: Effect): Promise<void> => {
    const handler = handlers.get(effect.kind);
    if (handler === undefined) {
      dead.push({ effect, problem: `nothing sends effects of kind ${effect.kind}` });
      return;
    }
    for (let tries = 1; ; tries += 1) {
      try {
        await handler(effect);
        return;
      } catch (error) {
        const retry =
          error instanceof RetryLater && tries < attemptLimit && !stopping.signal.aborted;
        if (!retry) {
          dead.push({ effect, problem: messageOf(error) });
          return;
        }
        await pause(
          Math.min(longestPauseMs, error.afterMs ?? firstPauseMs * 2 ** (tries - 1)),
          stopping.signal,
        );
      }
    }
  };

  const work = async (queue: string): Promise<void> => {
    for (;;) {
      const effect = queues.get(queue)?.shift();
      if (effect === undefined) break;
      await attempt(effect);
    }
    running.delete(queue);
  };

  return {
    async put(effect) {
      const waiting = queues.get(effect.queue) ?? [];
      queues.set(effect.queue, waiting);
      const unsent = waiting.findIndex(
        (row) =>
          row.key === effect.key ||
          (effect.replaces !== undefined && row.replaces === effect.replaces),
      );
      if (unsent === -1) waiting.push(effect);
      else waiting[unsent] = effect;
      if (!running.has(effect.queue)) running.set(effect.queue, work(effect.queue));
    },
    async drained() {
      while (running.size > 0) await Promise.all(running.values());
    },
    // What is put is sent at once.
    start: () => undefined,
    dead: () => dead,
    async stop() {
      stopping.abort();
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  signal.addEventListener("abort", end);
  return promise;
}
