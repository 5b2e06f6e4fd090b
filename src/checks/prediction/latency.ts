import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { duration, familyOf } from "#core/observation.ts";
import { predictionSamples, type PredictionSample } from "#facts/prediction-samples.ts";
import { slowShare, slowShareWords } from "./slow-share.ts";

/** Facts of the diagnosis: the share of slow ones beyond which a p95 cannot hold. */
const refutedAbove = 0.05;

/** A few samples: never a percentile. Real traffic's p95 is metrics/latency, and comes first. */
export const latency = defineCheck({
  id: "prediction/latency",
  question: "Does a prediction come within the promised time?",
  needs: { samples: predictionSamples },
  outcomes: {
    within: ok("Predictions came within the promised time."),
    slow: degraded(
      "Predictions took longer than promised, or longer than customers wait.",
      "See metrics/saturation and the hub; a model that is loaded on demand is slow only the first time.",
    ),
    "slow-first": degraded(
      "The first prediction was slow and a later one fast: the model is loaded by the first request.",
      "Load the model at start-up, or keep it loaded; a longer client time-out helps until then.",
    ),
  },
  noise: "probe",
  judge({ samples: { first, later, wanted, stopped } }, { target }) {
    const limit = target.prediction.withinSeconds * 1_000;
    const timed = later.filter(isTimed);
    const slow = timed.filter((one) => isSlow(one, limit)).length;
    const share = slowShareWords(slow, timed.length, duration(limit));
    const evidence = [
      { label: "first sample", seen: words(first), wanted: `within ${duration(limit)}` },
      ...(timed.length === 0 ? [] : [{ label: "later samples", seen: share }]),
      ...(stopped === null
        ? []
        : [{ label: "fewer than wanted", seen: `${later.length + 1} of ${wanted}: ${stopped}` }]),
    ];
    // That nothing comes at all is prediction/with-key's to say: it would count twice here.
    if (!isTimed(first) || ![first, ...timed].some(({ status }) => status === 200))
      return cannotTell("there was no prediction to time", "see prediction/with-key");
    const summary = [
      `first ${words(first)}`,
      ...(timed.length === 0 ? [] : [`then ${share}`]),
      ...(stopped === null ? [] : [`stopped: ${stopped}`]),
    ].join("; ");
    const firstSlow = isSlow(first, limit);
    if (timed.length === 0) return found(firstSlow ? "slow" : "within", summary, evidence);
    const allSlow = slow === timed.length;
    if (allSlow || slowShare(slow, timed.length).low > refutedAbove)
      return found("slow", summary, evidence);
    return found(firstSlow ? "slow-first" : "within", summary, evidence);
  },
});

/** Answered with a prediction, or waited for in vain. */
const isTimed = (one: PredictionSample): boolean =>
  one.status === 200 || familyOf(one) === "timeout";

const isSlow = (one: PredictionSample, limitMs: number): boolean =>
  familyOf(one) === "timeout" || one.totalMs > limitMs;

const words = (one: PredictionSample): string =>
  familyOf(one) === "timeout" ? `no answer in ${duration(one.totalMs)}` : duration(one.totalMs);
