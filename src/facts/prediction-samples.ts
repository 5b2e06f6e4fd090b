import { setTimeout as sleep } from "node:timers/promises";
import { defineFact } from "#core/fact.ts";
import { FactUnavailable } from "#core/missing.ts";
import { familyOf } from "#core/observation.ts";
import type { HttpObservation, HttpOutcome } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";
import { keyedPrediction } from "./keyed-prediction.ts";

/** One prediction that was timed. */
export interface PredictionSample {
  readonly outcome: HttpOutcome;
  readonly status: number | null;
  readonly totalMs: number;
}

export interface PredictionSamples {
  /** May have found the model cold, and is kept apart. */
  readonly first: PredictionSample;
  /** One after another, at most one a second. */
  readonly later: readonly PredictionSample[];
  /** How many there should have been, the first one included. */
  readonly wanted: number;
  /** Why there are fewer; null where there are not. */
  readonly stopped: string | null;
}

/** Facts of the diagnosis: at most so many on production, and hardly any while something is wrong. */
const most = 20;
const mostInIncident = 3;
const apartMs = 1_000;
const budgetMs = 24_000;

/**
 * Times predictions: as many as somebody asked for, else further ones only where the first was slow, to tell
 * a model that is loaded once from one that is always slow. Never read again: each reading warms the model.
 */
export const predictionSamples = defineFact({
  id: "prediction-samples",
  needs: { prediction: keyedPrediction },
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: budgetMs + 1_000,
  rereadable: false,
  gather: async ({ ports, target, reported, facts, signal, runId }): Promise<PredictionSamples> => {
    const { service, prediction } = target;
    const limitMs = prediction.withinSeconds * 1_000;
    const timeoutMs = limitMs + 1_000;
    const first = facts.prediction.seen;
    const counts = first.status === 200 || familyOf(first) === "timeout";
    const incident = reported !== null && (reported.symptom !== null || reported.url !== null);
    const slow = counts && first.totalMs > limitMs;
    const asked = reported?.samples ?? (slow ? mostInIncident : 1);
    const wanted = counts ? Math.min(asked, incident ? mostInIncident : most) : 1;
    const later: PredictionSample[] = [];
    const started = performance.now();
    const done = (stopped: string | null): PredictionSamples => ({
      first: toSample(first),
      later,
      wanted,
      stopped,
    });
    let errors = first.status === 200 ? 0 : 1;
    while (later.length + 1 < wanted) {
      // Nobody asked for more than to tell a cold model from a slow one.
      if (reported?.samples == null && later.some((one) => isQuick(one, limitMs)))
        return done(null);
      if (performance.now() - started > budgetMs - timeoutMs)
        return done(`${budgetMs / 1_000} s were over`);
      const pause = Math.max(0, apartMs - (later.at(-1) ?? first).totalMs);
      // oxlint-disable-next-line no-await-in-loop -- one after another, at most one a second
      await sleep(pause, undefined, { signal });
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const seen = await ports.probe
        .http(
          {
            url: apiUrl(target, "predict"),
            method: "POST",
            runId,
            timeoutMs,
            bodyLimit: 200,
            headers: { "content-type": "application/json" },
            body: JSON.stringify(prediction.body),
            key: { service: service.id, kind: "scoped" },
          },
          signal,
        )
        .catch(toReason);
      if (typeof seen === "string") return done(seen);
      later.push(toSample(seen));
      if (seen.status === 429) return done("the API answered 429");
      if (seen.status !== 200) errors += 1;
      if (errors >= 2) return done("two of them failed");
    }
    return done(null);
  },
});

const toSample = ({ outcome, status, totalMs }: HttpObservation): PredictionSample => ({
  outcome,
  status,
  totalMs,
});

const isQuick = ({ status, totalMs }: PredictionSample, limitMs: number): boolean =>
  status === 200 && totalMs <= limitMs;

/** A cap that is reached ends the sample; anything else is none of its business. */
function toReason(error: unknown): string {
  if (error instanceof FactUnavailable && error.missing.reason === "not-applicable")
    return error.missing.detail;
  throw error;
}
