/** Noise between judging and weighing: an outcome is replaced by another one that its check could give. */
import type { CheckShape, Observed, Pivotal, WeighInput } from "#core/diagnosis.ts";
import type { Chance } from "./chance.ts";

/** One reading of what is really `seen`. */
const read = (
  seen: Observed,
  shape: CheckShape | undefined,
  share: number,
  chance: Chance,
): Observed => {
  const others = shape?.outcomes.filter((outcome) => outcome !== seen.outcome) ?? [];
  // Both drawn whatever happens, so that one check's luck does not shift the next one's.
  const [hit, which] = [chance.next() < share, chance.next()];
  const other = others[Math.floor(which * others.length)];
  return hit && other !== undefined ? { ...seen, outcome: other } : seen;
};

/** Rounds and readings of one run at most, as in the engine. */
const rounds = 3;
const rereadLimit = 8;

/**
 * `share` of the outcomes flipped, then read again as the engine does: every check on which the verdict
 * hangs is read once more, with the same chance of being wrong, what two readings disagree on a third
 * time, and the newest reading counts.
 */
export function flipped(
  input: WeighInput,
  share: number,
  chance: Chance,
  pivotal: Pivotal,
  /** Checks whose facts may be read twice in a run. */
  rereadable: ReadonlySet<string>,
): WeighInput {
  const readOne = (seen: Observed): Observed => read(seen, input.checks[seen.check], share, chance);
  // Whether a reading was repeated is decided here: what the run itself read twice is read anew.
  const truths = input.observed.map(({ check, outcome, summary }) => ({ check, outcome, summary }));
  const firsts = truths.map(readOne);
  let observed: readonly Observed[] = firsts;
  const done = new Set<string>();
  const shaky = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const again = new Set(
      pivotal({ ...input, observed })
        .filter((check) => rereadable.has(check) && !done.has(check))
        .slice(0, Math.max(0, rereadLimit - done.size)),
    );
    for (const check of shaky) again.add(check);
    if (again.size === 0) break;
    shaky.clear();
    observed = observed.map((seen, index) => {
      const truth = truths[index];
      if (truth === undefined || !again.has(seen.check)) return seen;
      const newest = readOne(truth);
      if (newest.outcome !== seen.outcome && !done.has(seen.check)) shaky.add(seen.check);
      return newest.outcome === firsts[index]?.outcome ? { ...newest, again: true } : newest;
    });
    for (const check of again) done.add(check);
  }
  return { ...input, observed };
}
