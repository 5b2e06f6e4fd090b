import { defineFact } from "#core/fact.ts";

/** The hub that stores the model: whether the token is good and the repository can be read. */
export const hubRepository = defineFact({
  id: "hub-repository",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal, runId }) => ports.hub.repository(target.service, runId, signal),
});
