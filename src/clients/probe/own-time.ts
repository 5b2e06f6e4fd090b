/**
 * Time without the moments in which our own process was busy: its blocked event loop must not make a
 * target look slow or silent. Loading an SDK alone blocks for hundreds of milliseconds.
 */
const tickMs = 5;
/**
 * On a machine that is shared every timer is late by some milliseconds. Those hide no answer, and counted
 * one by one they would make this time go half as fast as a clock.
 */
const toleranceMs = 20;

let measuring = 0;
let timer: NodeJS.Timeout | undefined;
let lastTick = 0;
let blocked = 0;

const excess = (now: number): number => {
  const late = now - lastTick - tickMs;
  return late > toleranceMs ? late : 0;
};

function tick(): void {
  const now = performance.now();
  blocked += excess(now);
  lastTick = now;
}

/** Milliseconds that only differences of mean something, and only inside `within`. */
export const ownNow = (): number => {
  const now = performance.now();
  return now - blocked - (measuring > 0 ? excess(now) : 0);
};

export const elapsed = (since: number): number => Math.round((ownNow() - since) * 10) / 10;

/** However busy we are: by then an answer lies in the socket, and needs a turn of the event loop to be seen. */
const atMost = (ms: number): number => ms * 1.2 + 200;

/**
 * Runs with a signal that aborts after `ms` of own time, at `ms` and a fifth of the clock's, or when `outer`
 * does. Leaves no timer behind. Whoever has a deadline of their own leaves room for that fifth, or a target
 * that is silent would be taken for our own time-out.
 */
export async function within<Value>(
  ms: number,
  outer: AbortSignal,
  act: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (measuring === 0) {
    lastTick = performance.now();
    timer = setInterval(tick, tickMs);
    timer.unref();
  }
  measuring += 1;
  const controller = new AbortController();
  const started = ownNow();
  const latest = performance.now() + atMost(ms);
  let alarm: NodeJS.Timeout | undefined;
  const end = (): void => controller.abort(new DOMException("time is up", "TimeoutError"));
  const look = (): void => {
    const left = Math.min(ms - (ownNow() - started), latest - performance.now());
    if (left > 1) alarm = setTimeout(look, left);
    else setImmediate(() => setImmediate(end));
  };
  look();
  try {
    return await act(AbortSignal.any([outer, controller.signal]));
  } finally {
    clearTimeout(alarm);
    measuring -= 1;
    if (measuring === 0) {
      tick();
      clearInterval(timer);
    }
  }
}
