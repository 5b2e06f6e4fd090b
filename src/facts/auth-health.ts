import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";

/** The auth service from where we are. Whether the API's tasks reach it is another question. */
export const authHealth = defineFact({
  id: "auth-health",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: async ({ ports, target, signal, runId }) => {
    const { auth } = target.service.dependencies;
    if (auth === null) {
      throw notApplicable(
        "the catalogue names no auth service",
        "set dependencies.auth on the service in hokusai.yaml",
      );
    }
    return ports.probe.http(
      {
        url: `${auth.url}${auth.health}`,
        method: "GET",
        runId,
        timeoutMs: 2_800,
        connectTimeoutMs: 2_400,
        bodyLimit: 2_000,
      },
      signal,
    );
  },
});
