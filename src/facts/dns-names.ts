import { defineFact } from "#core/fact.ts";
import type { HostRole, Resolution } from "#core/ports/probe.ts";

export interface NamedResolution extends Resolution {
  readonly role: HostRole;
}

/** The public names on the customer's path, asked of name servers and not of this machine's cache. */
export const dnsNames = defineFact({
  id: "dns-names",
  needs: {},
  permissions: [],
  cost: "cheap",
  vantage: "internet",
  deadlineMs: 4_900,
  rereadable: true,
  gather: ({ ports, target, signal }): Promise<readonly NamedResolution[]> => {
    const { api, dependencies, website } = target.service;
    const wanted: [HostRole, string | null][] = [
      ["api", api.url],
      ["auth", dependencies.auth?.url ?? null],
      ["website", website?.url ?? null],
    ];
    return Promise.all(
      wanted.flatMap(([role, url]) =>
        url === null
          ? []
          : [
              ports.probe
                .resolve(new URL(url).hostname, signal)
                .then((resolution) => ({ role, ...resolution })),
            ],
      ),
    );
  },
});
