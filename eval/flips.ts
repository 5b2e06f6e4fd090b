/** Noise between judging and weighing: an outcome is replaced by another one that its check could give. */
import type { CheckShape, Observed, Pivotal, WeighInput } from "#core/diagnosis.ts";
import { rereadRounds, Rereads } from "#engine/rereads.ts";
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

/**
 * `share` of the outcomes flipped, then read again as the engine does, each reading with the same chance
 * of being wrong.
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
  const rereads = new Rereads();
  for (let round = 0; round < rereadRounds; round += 1) {
    const wanted = pivotal({ ...input, observed }).filter((check) => rereadable.has(check));
    const again = rereads.next(wanted);
    if (again.size === 0) break;
    observed = observed.map((seen, index) => {
      const truth = truths[index];
      if (truth === undefined || !again.has(seen.check)) return seen;
      const newest = readOne(truth);
      rereads.note(seen.check, newest.outcome !== seen.outcome);
      return newest.outcome === firsts[index]?.outcome ? { ...newest, again: true } : newest;
    });
  }
  return { ...input, observed };
}
