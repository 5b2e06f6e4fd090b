import { defineFact } from "#core/fact.ts";
import type { HttpObservation, HttpRequest } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";
import { keyedPrediction } from "./keyed-prediction.ts";

/** One request with the scoped key and the same without, to tell what the key itself changes. */
export interface KeyPair {
  readonly what: string;
  readonly without: HttpObservation;
  readonly with: HttpObservation;
}

/**
 * Where a prediction refuses the scoped key with 401: does the layer before it accept the key? Asked by
 * requests that predict nothing; empty where there was no such refusal.
 */
export const keyElsewhere = defineFact({
  id: "key-elsewhere",
  needs: { prediction: keyedPrediction },
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 9_000,
  rereadable: true,
  gather: async ({ ports, target, facts, signal, runId }): Promise<readonly KeyPair[]> => {
    if (facts.prediction.seen.status !== 401) return [];
    const { service } = target;
    const ask = (url: string, keyed: boolean): Promise<HttpObservation> => {
      const request: HttpRequest = {
        url,
        method: "GET",
        runId,
        timeoutMs: 6_000,
        bodyLimit: 2_000,
      };
      return ports.probe.http(
        keyed ? { ...request, key: { service: service.id, kind: "scoped" } } : request,
        signal,
      );
    };
    const pair = async (what: string, url: string): Promise<KeyPair> => {
      const [without, withKey] = await Promise.all([ask(url, false), ask(url, true)]);
      return { what, without, with: withKey };
    };
    return Promise.all([
      pair("GET of the prediction's URL", apiUrl(target, "predict")),
      pair("the model's description", apiUrl(target, "info")),
    ]);
  },
});
