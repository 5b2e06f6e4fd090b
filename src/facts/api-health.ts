import { defineFact } from "#core/fact.ts";

/** The health endpoint, as a load balancer would ask it, through the public name. */
export const apiHealth = defineFact({
  id: "api-health",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal, runId }) =>
    ports.probe.http(
      {
        url: target.service.api.health,
        method: "GET",
        runId,
        timeoutMs: 2_800,
        connectTimeoutMs: 2_400,
        bodyLimit: 2_000,
      },
      signal,
    ),
});
