import { defineFact } from "#core/fact.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";

export interface EdgeReach {
  /** The customer's request without a key. */
  readonly post: HttpObservation;
  /** The same URL by GET: tells a missing route from a missing method. */
  readonly get: HttpObservation;
}

/** How far a request without a key gets. Answers of auth middleware prove everything before it. */
export const edgeReach = defineFact({
  id: "edge-reach",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: async ({ ports, target, signal, runId }): Promise<EdgeReach> => {
    const shared = {
      url: apiUrl(target, "predict"),
      runId,
      timeoutMs: 2_800,
      connectTimeoutMs: 2_400,
      bodyLimit: 2_000,
    };
    const [post, get] = await Promise.all([
      ports.probe.http(
        {
          ...shared,
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(target.prediction.body),
        },
        signal,
      ),
      ports.probe.http({ ...shared, method: "GET" }, signal),
    ]);
    return { post, get };
  },
});
