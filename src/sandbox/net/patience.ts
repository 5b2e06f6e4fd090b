/**
 * A time-out that counts only while this process is awake. World and bot may share an event loop: when the
 * bot is busy for a second, the world's processes must not seem to have been slow.
 */
const stepMs = 20;
const awakeMs = 40;

/** Calls `onEnd` after `ms` of waking time; the function given back calls it off. */
export const startPatience = (ms: number, onEnd: () => void): (() => void) => {
  let left = ms;
  let last = performance.now();
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        const now = performance.now();
        left -= Math.min(now - last, awakeMs);
        last = now;
        if (left <= 1) onEnd();
        else wait();
      },
      Math.min(stepMs, left),
    );
  };
  wait();
  return () => clearTimeout(timer);
};

/** Sleeps `ms` of waking time, or until the signal. */
export const sleepAwake = async (ms: number, signal?: AbortSignal): Promise<void> =>
  await new Promise((resolve) => {
    const stop = startPatience(ms, resolve);
    signal?.addEventListener("abort", () => {
      stop();
      resolve();
    });
  });
