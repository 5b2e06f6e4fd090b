import type { Plan } from "#core/plan.ts";
import { faultModes } from "./claims.ts";
import { otherPrior, priors } from "./numbers.ts";

/**
 * Every set of at most two faults, each in one of its modes: as indices of `faultModes`, in path order.
 * Nothing first, then single faults, then pairs: among equals the earlier one leads.
 */
export interface States {
  readonly members: readonly (readonly number[])[];
  /** The same as columns, for the loops that run over all states: -1 where there is no such member. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Natural logarithm of each state's prior, normalised over the states. */
  readonly logPrior: Float64Array;
  /** Per mode: the fault it belongs to. */
  readonly faultOf: Int32Array;
  /** The fault nobody listed included. */
  readonly faults: number;
  /** Per state: which set of faults it is, whatever their modes; numbered as the sets first appear. */
  readonly setOf: Int32Array;
}

const known = new WeakMap<Plan, States>();

/** Of a plan, which never changes, once: a run asks for them dozens of times. */
export function toStates(plan: Plan): States {
  const states = known.get(plan) ?? statesOf(plan);
  known.set(plan, states);
  return states;
}

function statesOf(plan: Plan): States {
  const modes = faultModes(plan);
  const probability = [
    ...plan.hypotheses.map((hypothesis) => priors[hypothesis.prior]),
    otherPrior,
  ];
  const members: number[][] = [[]];
  for (let i = 0; i < modes.length; i++) members.push([i]);
  for (let i = 0; i < modes.length; i++) {
    for (let j = i + 1; j < modes.length; j++) {
      if (modes[i]?.fault !== modes[j]?.fault) members.push([i, j]);
    }
  }
  // The product over those that are not members is the same for all sets but for these odds; the modes
  // of a fault share its odds.
  const odds = modes.map(({ fault, share }) => {
    const p = probability[fault] ?? 0;
    return (p / (1 - p)) * share;
  });
  const weight = new Float64Array(members.length);
  let total = 0;
  for (const [s, set] of members.entries()) {
    let product = 1;
    for (const i of set) product *= odds[i] ?? 0;
    weight[s] = product;
    total += product;
  }
  const faultOf = Int32Array.from(modes, ({ fault }) => fault);
  const sets = new Map<number, number>();
  const width = probability.length + 1;
  const setOf = members.map((set) => {
    const key = set.reduce((sum, mode) => sum * width + (faultOf[mode] ?? 0) + 1, 0);
    const number = sets.get(key) ?? sets.size;
    sets.set(key, number);
    return number;
  });
  return {
    members,
    first: Int32Array.from(members, ([first]) => first ?? -1),
    second: Int32Array.from(members, ([, second]) => second ?? -1),
    logPrior: weight.map((w) => Math.log(w / total)),
    faultOf,
    faults: probability.length,
    setOf: Int32Array.from(setOf),
  };
}
