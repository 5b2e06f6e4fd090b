import { defineFact } from "#core/fact.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";

/** Load balancers take targets in turn: of two tasks each is met twice. More would eat into our key's limit. */
const count = 4;

/** The model's description several times at once, so that more than one task answers. Warms nothing. */
export const modelRequests = defineFact({
  id: "model-requests",
  needs: {},
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 5_500,
  rereadable: true,
  gather: ({ ports, target, signal, runId }): Promise<readonly HttpObservation[]> => {
    const { service } = target;
    const keyed = ports.probe.keyState(service) === "configured";
    const request = {
      url: apiUrl(target, "info"),
      method: "GET",
      runId,
      timeoutMs: 3_500,
      bodyLimit: 500,
      ...(keyed ? { key: { service: service.id, kind: "scoped" as const } } : {}),
    };
    return Promise.all(Array.from({ length: count }, () => ports.probe.http(request, signal)));
  },
});
