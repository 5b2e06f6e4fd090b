import { defineFact } from "#core/fact.ts";

/** The model in the MLflow registry, with its latest version. */
export const registeredModel = defineFact({
  id: "registered-model",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal, runId }) => ports.registry.model(target.service, runId, signal),
});
