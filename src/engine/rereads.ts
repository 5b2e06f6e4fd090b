/** Different things read again in one run, at most. */
const mostIds = 8;
/** Readings of one thing, at most: where all agree, and where they do not. */
const mostReadings = { agreeing: 3, disagreeing: 5 };
/** Each is one more reading of some things. */
export const rereadRounds = 5;

/**
 * What is read again before the verdict is said. Everything that is wanted is read a second time; what is
 * still wanted after two readings that agree, a third time. What disagrees with the reading before is read
 * until two in a row agree, and the newest reading counts: but not for ever where it comes and goes.
 */
export class Rereads {
  /** How often each was read, where more than once. */
  readonly #times: Map<string, number>;
  /** Whose last two readings said the same. */
  readonly #agreed: Set<string>;
  /** Whose last reading said something new. */
  readonly #shaky = new Set<string>();

  /** @param readTwice by this run before it was interrupted */
  constructor(readTwice: readonly string[] = []) {
    this.#times = new Map(readTwice.map((id) => [id, 2]));
    this.#agreed = new Set(readTwice);
  }

  /** Of what the verdict hangs on, the ids to read now; empty: it can be said. */
  next(wanted: readonly string[]): ReadonlySet<string> {
    const fresh = [...new Set(wanted)].filter((id) => !this.#times.has(id));
    const room = Math.max(0, mostIds - this.#times.size);
    const more = wanted.filter(
      (id) => this.#agreed.has(id) && (this.#times.get(id) ?? 1) < mostReadings.agreeing,
    );
    const ids = new Set([...fresh.slice(0, room), ...more, ...this.#shaky]);
    this.#shaky.clear();
    return ids;
  }

  /** @param changed whether the reading says something else than the one before */
  note(id: string, changed: boolean): void {
    const times = (this.#times.get(id) ?? 1) + 1;
    this.#times.set(id, times);
    if (!changed) {
      this.#agreed.add(id);
      return;
    }
    this.#agreed.delete(id);
    if (times < mostReadings.disagreeing) this.#shaky.add(id);
  }
}
