import { OTHER } from "#core/diagnosis.ts";
import type {
  HypothesisVerdict,
  Observed,
  WeighedHypothesis,
  WeighInput,
} from "#core/diagnosis.ts";
import type { Hypothesis } from "#core/plan.ts";
import type { Evidence } from "./evidence.ts";
import { rounded, thresholds } from "./numbers.ts";
import type { Posterior } from "./posterior.ts";
import { toSupport } from "./reasons.ts";
import { idOf } from "./run-verdict.ts";

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
  if (support <= thresholds.ruledOut && confirming.ran && confirming.excludable) {
    return "ruled-out";
  }
  if (Math.abs(support) < thresholds.untested || !confirming.ran) return "untested";
  return "unlikely";
}

export function toHypotheses(
  input: WeighInput,
  evidence: readonly Evidence[],
  posterior: Posterior,
): readonly WeighedHypothesis[] {
  const leading = posterior.states.members[posterior.leading] ?? [];
  const seen = new Map(input.observed.map((one) => [one.check, one]));
  const faults = [...posterior.marginal.keys()];
  return faults
    .map((fault) => {
      const hypothesis = input.plan.hypotheses[fault];
      const support = toSupport(evidence, fault, leading);
      const probability = rounded(posterior.marginal[fault] ?? 0, 9);
      const verdict = toWord(probability, support.total, toConfirming(hypothesis, seen));
      return {
        id: hypothesis?.id ?? OTHER,
        claim: hypothesis?.claim ?? otherClaim,
        probability,
        verdict,
        because: support.because,
        maskedBy: verdict === "untested" ? toMasks(input, hypothesis, fault, leading) : [],
        side: hypothesis?.side ?? "service",
      };
    })
    .toSorted((a, b) => b.probability - a.probability);
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
      const effects = input.plan.hypotheses[leader]?.effects;
      if (effects === undefined) return true;
      return Object.keys(hypothesis.effects).some((check) => check in effects);
    })
    .map((leader) => idOf(input, leader));
}
