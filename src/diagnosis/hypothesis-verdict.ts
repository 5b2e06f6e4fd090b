import { OTHER } from "#core/diagnosis.ts";
import type {
  HypothesisVerdict,
  Observed,
  WeighedHypothesis,
  WeighInput,
} from "#core/diagnosis.ts";
import { modesOf, type Hypothesis } from "#core/plan.ts";
import type { Evidence } from "./evidence.ts";
import { rounded, thresholds } from "./numbers.ts";
import { leadingFaults, type Posterior } from "./posterior.ts";
import { toSupport } from "./reasons.ts";
import { idOf } from "./run-verdict.ts";

/** A claim is narrowed to that of a mode which has so much of the hypothesis' probability. */
const modeShare = 0.8;

const otherClaim = "Something is wrong that no hypothesis of this plan describes";

interface Confirming {
  readonly seen: boolean;
  readonly ran: boolean;
  readonly excludable: boolean;
}

/** The words, tested in the order of docs/diagnosis.md; the first that fits is said. */
function toWord(probability: number, support: number, confirming: Confirming): HypothesisVerdict {
  if (probability >= thresholds.confirmed && confirming.seen) return "confirmed";
  if (probability >= thresholds.likely) return "likely";
  if (probability >= thresholds.possible) return "possible";
  const { seen, ran, excludable } = confirming;
  if (support <= thresholds.ruledOut && ran && excludable && !seen) return "ruled-out";
  if (Math.abs(support) < thresholds.untested || !ran) return "untested";
  return "unlikely";
}

export function toHypotheses(
  input: WeighInput,
  evidence: readonly Evidence[],
  posterior: Posterior,
): readonly WeighedHypothesis[] {
  const { states } = posterior;
  const leading = states.members[posterior.leading] ?? [];
  const leaders = leadingFaults(posterior);
  const seen = new Map(input.observed.map((one) => [one.check, one]));
  const faults = [...posterior.marginal.keys()];
  return faults
    .map((fault) => {
      const hypothesis = input.plan.hypotheses[fault];
      const support = toSupport(evidence, states, fault, leading);
      const probability = rounded(posterior.marginal[fault] ?? 0, 9);
      const verdict = toWord(probability, support.total, toConfirming(hypothesis, seen));
      return {
        id: hypothesis?.id ?? OTHER,
        claim: hypothesis === undefined ? otherClaim : toClaim(hypothesis, fault, posterior),
        probability,
        verdict,
        because: support.because,
        maskedBy: verdict === "untested" ? toMasks(input, hypothesis, fault, leaders) : [],
        side: hypothesis?.side ?? "service",
      };
    })
    .toSorted((a, b) => b.probability - a.probability);
}

/** The narrower claim of a mode, once it is most of what its hypothesis has. */
function toClaim(hypothesis: Hypothesis, fault: number, posterior: Posterior): string {
  const first = posterior.states.faultOf.indexOf(fault);
  const least = modeShare * (posterior.marginal[fault] ?? 0);
  const mode = modesOf(hypothesis).find((_, i) => (posterior.ofMode[first + i] ?? 0) >= least);
  return mode?.claim ?? hypothesis.claim;
}

/**
 * Nobody can look at the fault that is not listed: no sign confirms it and none rules it out. It is
 * unlikely once what was seen speaks against it.
 */
function toConfirming(
  hypothesis: Hypothesis | undefined,
  seen: ReadonlyMap<string, Observed>,
): Confirming {
  if (hypothesis === undefined) return { seen: false, ran: true, excludable: false };
  return {
    excludable: true,
    seen: hypothesis.confirmedBy.some((sign) => seen.get(sign.check)?.outcome === sign.outcome),
    ran: hypothesis.confirmedBy.some((sign) => seen.has(sign.check)),
  };
}

/** The leading faults that have something to say about a check this one would show itself in. */
function toMasks(
  input: WeighInput,
  hypothesis: Hypothesis | undefined,
  fault: number,
  leading: readonly number[],
): readonly string[] {
  if (hypothesis === undefined) return [];
  return leading
    .filter((leader) => {
      if (leader === fault) return false;
      const claims = input.plan.hypotheses[leader];
      if (claims === undefined) return true;
      const decided = new Set(modesOf(claims).flatMap(({ effects }) => Object.keys(effects)));
      return modesOf(hypothesis).some(({ effects }) =>
        Object.keys(effects).some((check) => decided.has(check)),
      );
    })
    .map((leader) => idOf(input, leader));
}
