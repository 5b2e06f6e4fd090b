import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { familyOf, isRecord, jsonOf } from "#core/observation.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { apiUrl, type Target } from "#core/target.ts";
import { serviceMetrics } from "./service-metrics.ts";

export interface KeyedPrediction {
  readonly seen: HttpObservation;
  /** Whether a 200 kept its promises; null for any other answer. */
  readonly contract: { readonly holds: boolean; readonly detail: string } | null;
  /** The fastest one more, where the first was slow: a model that is loaded once answers fast then. */
  readonly again: HttpObservation | null;
  /** Milliseconds of every prediction of this run that was answered or waited for, the first one first. */
  readonly samples?: readonly number[];
  /** Seconds that were waited, at most. */
  readonly waitedSeconds: number;
}

const mostSeconds = 12;
/** Behind a load balancer the next one meets another task, which may have to load as well. */
const mostRepeats = 2;

/** The canonical request with the scoped key: the one thing that proves that the API works. */
export const keyedPrediction = defineFact({
  id: "keyed-prediction",
  needs: {},
  // The first prediction warms the model and counts as traffic.
  after: [serviceMetrics],
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 20_500,
  rereadable: true,
  gather: async ({ ports, target, signal, runId }): Promise<KeyedPrediction> => {
    const { service, prediction } = target;
    if (ports.probe.keyState(service) === "missing") {
      throw notApplicable(
        "no scoped API key is configured",
        `set ${service.api.probeKey.env} to a key that may only call this model`,
      );
    }
    const waitedSeconds = Math.min(prediction.timeoutSeconds, mostSeconds);
    const ask = (timeoutMs: number): Promise<HttpObservation> =>
      ports.probe.http(
        {
          url: apiUrl(target, "predict"),
          method: "POST",
          runId,
          timeoutMs,
          bodyLimit: 4_000,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(prediction.body),
          key: { service: service.id, kind: "scoped" },
        },
        signal,
      );
    const seen = await ask(waitedSeconds * 1_000);
    const slow = seen.totalMs > prediction.withinSeconds * 1_000;
    const worthAnother = slow && (seen.status === 200 || familyOf(seen) === "timeout");
    const repeats: HttpObservation[] = [];
    const limitMs = prediction.withinSeconds * 1_000;
    const most = !worthAnother ? 0 : seen.status === 200 ? mostRepeats : 1;
    while (repeats.length < most) {
      // oxlint-disable-next-line no-await-in-loop -- one after another, and no more than needed
      const repeat = await ask(limitMs + 1_000).catch(() => null);
      if (repeat === null) break;
      repeats.push(repeat);
      if (repeat.totalMs <= limitMs || repeat.status !== 200) break;
    }
    const [again = null] = repeats.toSorted((a, b) => a.totalMs - b.totalMs);
    return {
      seen,
      contract: seen.status === 200 ? judgeContract(seen, target) : null,
      again,
      samples: [seen, ...repeats].map(({ totalMs }) => totalMs),
      waitedSeconds,
    };
  },
});

function judgeContract(seen: HttpObservation, target: Target): { holds: boolean; detail: string } {
  const { predictionsField, scoreField, range } = target.prediction;
  const body = jsonOf(seen);
  if (!isRecord(body)) return { holds: false, detail: "the answer is no JSON object" };
  const predictions = body[predictionsField];
  if (predictions === undefined || predictions === null) {
    return { holds: false, detail: `no field "${predictionsField}"` };
  }
  if (scoreField === null) return { holds: true, detail: `"${predictionsField}" is there` };
  const first: unknown = Array.isArray(predictions) ? predictions[0] : predictions;
  const score = isRecord(first) ? first[scoreField] : undefined;
  if (typeof score !== "number")
    return { holds: false, detail: `no number "${scoreField}" in "${predictionsField}"` };
  if (range !== null && !(score >= range[0] && score <= range[1])) {
    return {
      holds: false,
      detail: `${scoreField} is ${score}, promised is ${range[0]} to ${range[1]}`,
    };
  }
  return { holds: true, detail: `${scoreField} is ${score}` };
}
