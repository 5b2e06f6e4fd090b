/**
 * Time without the moments in which our own process was busy: its blocked event loop must not make a
 * target look slow or silent. Loading an SDK alone blocks for hundreds of milliseconds.
 */
const tickMs = 5;
/** Timers are late by a millisecond or two of themselves. */
const toleranceMs = 3;

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

/** Runs with a signal that aborts after `ms` of own time, or when `outer` does. Leaves no timer behind. */
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
  let alarm: NodeJS.Timeout | undefined;
  const look = (): void => {
    const left = ms - (ownNow() - started);
    if (left > 1) alarm = setTimeout(look, left);
    else controller.abort(new DOMException("time is up", "TimeoutError"));
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
