import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { duration, familyOf, seenLine } from "#core/observation.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { slowShareWords } from "./slow-share.ts";

/** A few samples: never a percentile. Real traffic's p95 is metrics/latency. */
export const latency = defineCheck({
  id: "prediction/latency",
  question: "Does a prediction come within the promised time?",
  needs: { prediction: keyedPrediction },
  outcomes: {
    within: ok("The prediction came within the promised time."),
    slow: degraded(
      "The prediction took longer than promised, or longer than customers wait.",
      "See metrics/saturation and the hub; a model that is loaded on demand is slow only the first time.",
    ),
    "slow-first": degraded(
      "The first prediction was slow and the next one fast: the model is loaded by the first request.",
      "Load the model at start-up, or keep it loaded; a longer client time-out helps until then.",
    ),
  },
  noise: "probe",
  judge({ prediction: { seen, again, samples } }, { target }) {
    const limit = target.prediction.withinSeconds * 1_000;
    const all = samples ?? [seen, ...(again === null ? [] : [again])].map(({ totalMs }) => totalMs);
    const evidence = [
      { label: "first sample", seen: seenLine(seen), wanted: `within ${duration(limit)}` },
      ...(again === null
        ? []
        : [{ label: "second sample", seen: seenLine(again), wanted: `within ${duration(limit)}` }]),
      { label: "samples", seen: slowShareWords(all.filter((ms) => ms > limit).length, all.length) },
    ];
    if (seen.status !== 200 && familyOf(seen) !== "timeout") {
      return cannotTell("there was no prediction to time", "see prediction/with-key");
    }
    if (seen.status === 200 && seen.totalMs <= limit)
      return found("within", duration(seen.totalMs), evidence);
    if (again?.status === 200 && again.totalMs <= limit) {
      return found(
        "slow-first",
        `${duration(seen.totalMs)}, then ${duration(again.totalMs)}`,
        evidence,
      );
    }
    return found("slow", `${duration(seen.totalMs)}, promised ${duration(limit)}`, evidence);
  },
});
