/** Different things read again in one run, at most. */
const mostIds = 16;
/** Readings of one thing that say the same, one after the other, at most. */
const mostAlike = 3;
/** Readings of one thing at most, the first one counted. */
const mostReadings = 5;
/** Each is one more reading of some things. */
export const rereadRounds = mostReadings;

interface Readings {
  readonly times: number;
  /** How many of the last ones said the same. */
  readonly alike: number;
}
const once: Readings = { times: 1, alike: 1 };

/**
 * What is read again before the verdict is said. Everything that is wanted is read a second time; what is
 * still wanted after two readings that agree, a third time. What disagrees with the reading before is read
 * until two in a row agree, and the newest reading counts: but not for ever where it comes and goes.
 */
export class Rereads {
  readonly #readings: Map<string, Readings>;

  /** @param readTwice by this run before it was interrupted */
  constructor(readTwice: readonly string[] = []) {
    this.#readings = new Map(readTwice.map((id) => [id, { times: 2, alike: 2 }]));
  }

  /** Of what the verdict hangs on, the ids to read now; empty: it can be said. */
  next(wanted: readonly string[]): ReadonlySet<string> {
    const fresh = [...new Set(wanted)].filter((id) => !this.#readings.has(id));
    const room = Math.max(0, mostIds - this.#readings.size);
    const doubted = [...this.#readings].flatMap(([id, { times, alike }]) => {
      const enough = wanted.includes(id) ? mostAlike : 2;
      return times < mostReadings && alike < enough ? [id] : [];
    });
    return new Set([...fresh.slice(0, room), ...doubted]);
  }

  /** @param changed whether the reading says something else than the one before */
  note(id: string, changed: boolean): void {
    const { times, alike } = this.#readings.get(id) ?? once;
    this.#readings.set(id, { times: times + 1, alike: changed ? 1 : alike + 1 });
  }
}
