import type { Because } from "#core/diagnosis.ts";
import type { Evidence } from "./evidence.ts";
import { logLikelihood } from "./evidence.ts";
import { rounded } from "./numbers.ts";
import type { Posterior } from "./posterior.ts";
import { best, leadingFaults } from "./posterior.ts";
import type { States } from "./states.ts";

/** Weaker than this, a finding says nothing worth a line. */
const negligible = 0.01;
const shownReasons = 4;

/** Per finding: how much better one set of modes explains it than another; in plan order. */
function compare(
  evidence: readonly Evidence[],
  members: readonly number[],
  against: readonly number[],
): readonly Because[] {
  const reasons: Because[] = [];
  for (const one of evidence) {
    const weight = logLikelihood(one, members) - logLikelihood(one, against);
    if (Math.abs(weight) < negligible) continue;
    const { check, outcome, summary } = one.observed;
    reasons.push({ check, outcome, summary, weight: rounded(weight, 6) });
  }
  return reasons;
}

export interface Support {
  /** Nats: ln P(E | B and i) - ln P(E | B), with B the leading set without i. May need three faults. */
  readonly total: number;
  readonly because: readonly Because[];
}

/**
 * Of a fault with several modes, in the one that explains most: to rule the fault out, all have to fall.
 * `leading` are the modes of the leading set.
 */
export function toSupport(
  evidence: readonly Evidence[],
  states: States,
  fault: number,
  leading: readonly number[],
): Support {
  const without = leading.filter((mode) => states.faultOf[mode] !== fault);
  let most = { total: -Infinity, withFault: without };
  for (const [mode, of] of states.faultOf.entries()) {
    if (of !== fault) continue;
    const withFault = [...without, mode].toSorted((a, b) => a - b);
    let total = 0;
    for (const one of evidence) {
      total += logLikelihood(one, withFault) - logLikelihood(one, without);
    }
    if (total > most.total) most = { total, withFault };
  }
  const because = compare(evidence, most.withFault, without).toSorted(
    (a, b) => Math.abs(b.weight) - Math.abs(a.weight),
  );
  return { total: most.total, because };
}

/**
 * The strongest reasons for the leading set against the best set without its leader; where nothing
 * is wrong, against the best set of faults.
 */
export function toWhy(evidence: readonly Evidence[], posterior: Posterior): readonly Because[] {
  const { score } = posterior;
  const { members } = posterior.states;
  const leading = members[posterior.leading] ?? [];
  const leader = likeliest(posterior, leadingFaults(posterior));
  const rival = best(score, (s) =>
    leader === undefined ? s !== posterior.leading : !holds(posterior, s, leader),
  );
  return strongest(evidence, leading, members[rival] ?? []);
}

/** What speaks most for the likeliest fault, whether it leads or "nothing" does. */
export function toGrounds(evidence: readonly Evidence[], posterior: Posterior): readonly Because[] {
  const { members, faults } = posterior.states;
  const leader = likeliest(posterior, [...Array(faults).keys()]);
  if (leader === undefined) return [];
  const accused = best(posterior.score, (s) => holds(posterior, s, leader));
  const rival = best(posterior.score, (s) => !holds(posterior, s, leader));
  return strongest(evidence, members[accused] ?? [], members[rival] ?? []);
}

const likeliest = ({ marginal }: Posterior, faults: readonly number[]): number | undefined =>
  faults.toSorted((a, b) => (marginal[b] ?? 0) - (marginal[a] ?? 0) || a - b)[0];

const holds = ({ states }: Posterior, state: number, fault: number): boolean =>
  (states.members[state] ?? []).some((mode) => states.faultOf[mode] === fault);

const strongest = (
  evidence: readonly Evidence[],
  members: readonly number[],
  against: readonly number[],
): readonly Because[] =>
  compare(evidence, members, against)
    .filter((reason) => reason.weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, shownReasons);
