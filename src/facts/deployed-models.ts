import { defineFact } from "#core/fact.ts";

/** The model's rows in the table of deployments, read in a read-only transaction. */
export const deployedModels = defineFact({
  id: "deployed-models",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "vpc",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal }) =>
    ports.database.deployedModels(target.service, target.id, signal),
});
