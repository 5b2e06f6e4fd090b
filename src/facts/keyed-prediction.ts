import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";
import { contractOf, type Contract } from "./prediction/contract.ts";
import { serviceMetrics } from "./service-metrics.ts";

export interface KeyedPrediction {
  readonly seen: HttpObservation;
  /** Whether a 200 kept its promises; null for any other answer. */
  readonly contract: Contract | null;
  /** Seconds that were waited, at most. */
  readonly waitedSeconds: number;
}

const mostSeconds = 12;

/** The canonical request with the scoped key: the one thing that proves that the API works. */
export const keyedPrediction = defineFact({
  id: "keyed-prediction",
  needs: {},
  // The first prediction warms the model and counts as traffic.
  after: [serviceMetrics],
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 14_000,
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
    const seen = await ports.probe.http(
      {
        url: apiUrl(target, "predict"),
        method: "POST",
        runId,
        timeoutMs: waitedSeconds * 1_000,
        bodyLimit: 4_000,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(prediction.body),
        key: { service: service.id, kind: "scoped" },
      },
      signal,
    );
    return { seen, contract: contractOf(seen, target), waitedSeconds };
  },
});
