import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { apiUrl } from "#core/target.ts";
import { serviceMetrics } from "./service-metrics.ts";

const most = 2;

/** The other models of this service, asked with this model's key: its scope, and how far a fault reaches. */
export const otherModels = defineFact({
  id: "other-models",
  needs: {},
  // The first prediction warms the model and counts as traffic.
  after: [serviceMetrics],
  permissions: [],
  cost: "deep",
  vantage: "internet",
  deadlineMs: 10_500,
  rereadable: false,
  gather: async ({
    ports,
    target,
    signal,
    runId,
  }): Promise<readonly { readonly model: string; readonly seen: HttpObservation }[]> => {
    const siblings = ports.probe.siblings(target).slice(0, most);
    if (siblings.length === 0) {
      throw notApplicable(
        "the catalogue has no other model on this service",
        "add the service's other models to hokusai.yaml",
      );
    }
    if (ports.probe.keyState(target.service) === "missing") {
      throw notApplicable(
        "no scoped API key is configured",
        `set ${target.service.api.probeKey.env} to a key that may only call this model`,
      );
    }
    return Promise.all(
      siblings.map(async (sibling) => ({
        model: sibling.id,
        seen: await ports.probe.http(
          {
            url: apiUrl(sibling, "predict"),
            method: "POST",
            runId,
            timeoutMs: 8_000,
            bodyLimit: 1_000,
            headers: { "content-type": "application/json" },
            body: JSON.stringify(sibling.prediction.body),
            key: { service: target.service.id, kind: "scoped" },
          },
          signal,
        ),
      })),
    );
  },
});
