/** Chance that can be had again: the same seed gives the same numbers. */
export interface Chance {
  /** 0 to 1, never 1. */
  next(): number;
  pick<Value>(from: readonly Value[]): Value;
  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** `share` of the values, each as likely as the others, in their order. */
  some<Value>(from: readonly Value[], share: number): Value[];
}

/** A text as seed: "scoring/redis-down/1". */
export const seedOf = (text: string): number => {
  let hash = 2_166_136_261;
  for (const character of text) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 16_777_619);
  }
  return hash >>> 0;
};

/** A 32-bit generator (an additive counter, mixed twice): good enough to choose worlds. */
export const chanceOf = (seed: number): Chance => {
  let counter = seed >>> 0;
  const next = (): number => {
    counter = (counter + 0x9e_37_79_b9) >>> 0;
    let mixed = counter;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21_f0_aa_ad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x73_5a_2d_97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
  const pick = <Value>(from: readonly Value[]): Value => {
    const chosen = from[Math.floor(next() * from.length)];
    if (chosen === undefined) throw new Error("nothing to pick from");
    return chosen;
  };
  return {
    next,
    pick,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    some: (from, share) => {
      const wanted = Math.round(from.length * share);
      const order = from.map((value, index) => ({ value, index, key: next() }));
      const chosen = order.toSorted((a, b) => a.key - b.key).slice(0, wanted);
      return chosen.toSorted((a, b) => a.index - b.index).map(({ value }) => value);
    },
  };
};
