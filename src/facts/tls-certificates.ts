import { defineFact } from "#core/fact.ts";
import type { HostRole, TlsObservation } from "#core/ports/probe.ts";

export interface HostCertificate extends TlsObservation {
  readonly role: HostRole;
}

/** A handshake with each HTTPS host on the customer's path; nothing is sent. */
export const tlsCertificates = defineFact({
  id: "tls-certificates",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal }): Promise<readonly HostCertificate[]> => {
    const { api, dependencies, website } = target.service;
    const wanted: [HostRole, string | null][] = [
      ["api", api.url],
      ["auth", dependencies.auth?.url ?? null],
      ["website", website?.url ?? null],
    ];
    return Promise.all(
      wanted.flatMap(([role, url]) => {
        if (url === null || !url.startsWith("https:")) return [];
        const { hostname, port } = new URL(url);
        const request = { host: hostname, port: Number(port) || 443, timeoutMs: 1_400 };
        return [ports.probe.tls(request, signal).then((seen) => ({ role, ...seen }))];
      }),
    );
  },
});
