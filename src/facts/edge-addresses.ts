import { defineFact } from "#core/fact.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { dnsNames } from "./dns-names.ts";

const most = 8;

/** Each address of the API alone: happy eyeballs in clients hides a dead one from most callers. */
export const edgeAddresses = defineFact({
  id: "edge-addresses",
  needs: { names: dnsNames },
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_800,
  rereadable: true,
  gather: ({ ports, target, signal, runId, facts }): Promise<readonly HttpObservation[]> => {
    const addresses = facts.names.find((name) => name.role === "api")?.addresses ?? [];
    return Promise.all(
      addresses.slice(0, most).map((address) =>
        ports.probe.http(
          {
            url: target.service.api.health,
            method: "GET",
            runId,
            address,
            timeoutMs: 3_000,
            connectTimeoutMs: 2_000,
            bodyLimit: 500,
          },
          signal,
        ),
      ),
    );
  },
});
