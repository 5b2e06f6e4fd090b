import { defineFact } from "#core/fact.ts";
import { apiUrl } from "#core/target.ts";

/** The canonical request with a well-formed key that nobody issued: who refuses it, and how. */
export const invalidKeyPrediction = defineFact({
  id: "invalid-key-prediction",
  needs: {},
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 10_500,
  rereadable: true,
  gather: ({ ports, target, signal, runId }) =>
    ports.probe.http(
      {
        url: apiUrl(target, "predict"),
        method: "POST",
        runId,
        timeoutMs: 8_000,
        bodyLimit: 2_000,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(target.prediction.body),
        key: { service: target.service.id, kind: "dummy" },
      },
      signal,
    ),
});
