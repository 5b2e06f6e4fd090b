import { defineFact } from "#core/fact.ts";
import { apiUrl } from "#core/target.ts";

/** The model's description, with the scoped key. Without a configured key it is asked without one. */
export const modelInfo = defineFact({
  id: "model-info",
  needs: {},
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 8_500,
  rereadable: true,
  gather: ({ ports, target, signal, runId }) => {
    const { service } = target;
    const keyed = ports.probe.keyState(service) === "configured";
    return ports.probe.http(
      {
        url: apiUrl(target, "info"),
        method: "GET",
        runId,
        timeoutMs: 6_000,
        bodyLimit: 2_000,
        ...(keyed ? { key: { service: service.id, kind: "scoped" as const } } : {}),
      },
      signal,
    );
  },
});
