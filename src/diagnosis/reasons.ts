import type { Because } from "#core/diagnosis.ts";
import type { Evidence } from "./evidence.ts";
import { logLikelihood } from "./evidence.ts";
import { rounded } from "./numbers.ts";
import type { Posterior } from "./posterior.ts";
import { best } from "./posterior.ts";

/** Weaker than this, a finding says nothing worth a line. */
const negligible = 0.01;
const shownReasons = 4;

/** Per finding: how much better one set of faults explains it than another; in plan order. */
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

export function toSupport(
  evidence: readonly Evidence[],
  fault: number,
  leading: readonly number[],
): Support {
  const without = leading.filter((member) => member !== fault);
  const withFault = [...without, fault].toSorted((a, b) => a - b);
  let total = 0;
  for (const one of evidence) {
    total += logLikelihood(one, withFault) - logLikelihood(one, without);
  }
  const because = compare(evidence, withFault, without).toSorted(
    (a, b) => Math.abs(b.weight) - Math.abs(a.weight),
  );
  return { total, because };
}

/**
 * The strongest reasons for the leading set against the best set without its leader; where nothing
 * is wrong, against the best set of faults.
 */
export function toWhy(evidence: readonly Evidence[], posterior: Posterior): readonly Because[] {
  const { members } = posterior.states;
  const leading = members[posterior.leading] ?? [];
  const leader = leading.toSorted(
    (a, b) => (posterior.marginal[b] ?? 0) - (posterior.marginal[a] ?? 0) || a - b,
  )[0];
  const rival = best(posterior.score, (s) =>
    leader === undefined ? s !== posterior.leading : !(members[s] ?? []).includes(leader),
  );
  return compare(evidence, leading, members[rival] ?? [])
    .filter((reason) => reason.weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, shownReasons);
}
