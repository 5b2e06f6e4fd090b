import { defineFact } from "#core/fact.ts";
import type { HttpObservation } from "#core/ports/probe.ts";
import { dnsNames } from "./dns-names.ts";

const mostRequests = 12;
/** A load balancer's node takes its targets in turn: one request sees one of them. */
const mostEach = 3;

/**
 * Each address of the API alone, a few times: happy eyeballs in clients hides a dead one from most callers,
 * and one failing target of several is seen now and then only.
 */
export const edgeAddresses = defineFact({
  id: "edge-addresses",
  needs: { names: dnsNames },
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal, runId, facts }): Promise<readonly HttpObservation[]> => {
    const known = facts.names.find((name) => name.role === "api")?.addresses ?? [];
    const addresses = known.slice(0, mostRequests);
    const each = Math.min(mostEach, Math.floor(mostRequests / Math.max(1, addresses.length)));
    return Promise.all(
      addresses.flatMap((address) =>
        Array.from({ length: each }, () =>
          ports.probe.http(
            {
              url: target.service.api.health,
              method: "GET",
              runId,
              address,
              timeoutMs: 2_800,
              connectTimeoutMs: 2_000,
              bodyLimit: 500,
            },
            signal,
          ),
        ),
      ),
    );
  },
});
