import type { Config, Service } from "#core/config.ts";
import { notApplicable, type FactUnavailable } from "#core/missing.ts";
import type { HostRole } from "#core/ports/probe.ts";

/** Everything that may be asked, by host name in lower case; a name that is not in it gets no request. */
export type AllowedHosts = ReadonlyMap<
  string,
  readonly { readonly service: string; readonly role: HostRole }[]
>;

export const hostOf = (url: string | null): string | null => {
  if (url === null || !URL.canParse(url)) return null;
  // A trailing dot names the same host.
  return (
    new URL(url).hostname
      .replace(/^\[|\]$/gu, "")
      .replace(/\.$/u, "")
      .toLowerCase() || null
  );
};

export function allowedHosts(config: Pick<Config, "services" | "models">): AllowedHosts {
  const hosts = new Map<string, { service: string; role: HostRole }[]>();
  const add = (service: string, role: HostRole, host: string | null): void => {
    if (host === null) return;
    const known = hosts.get(host) ?? [];
    if (!known.some((entry) => entry.service === service && entry.role === role))
      known.push({ service, role });
    hosts.set(host, known);
  };
  for (const service of config.services) addService(add, service);
  for (const model of config.models) {
    for (const document of model.documents) add(model.service.id, "document", hostOf(document));
  }
  return hosts;
}

function addService(
  add: (service: string, role: HostRole, host: string | null) => void,
  service: Service,
): void {
  const { api, dependencies } = service;
  for (const url of [api.url, api.health, api.openapi]) add(service.id, "api", hostOf(url));
  add(service.id, "internal", service.discovery?.host.toLowerCase() ?? null);
  add(service.id, "auth", hostOf(dependencies.auth?.url ?? null));
  add(service.id, "website", hostOf(service.website?.url ?? null));
  for (const url of [dependencies.hub?.url, dependencies.registry?.url]) {
    add(service.id, "dependency", hostOf(url ?? null));
  }
}

/** A host can have several roles; the one that says most about a customer's request comes first. */
const order: readonly HostRole[] = [
  "api",
  "internal",
  "other-api",
  "auth",
  "website",
  "dependency",
  "document",
];

export function roleOf(hosts: AllowedHosts, service: string, host: string): HostRole | null {
  const entries = hosts.get(host.replace(/\.$/u, "").toLowerCase()) ?? [];
  const roles = new Set(
    entries.map((entry): HostRole =>
      entry.service !== service && (entry.role === "api" || entry.role === "internal")
        ? "other-api"
        : entry.role,
    ),
  );
  return order.find((role) => roles.has(role)) ?? null;
}

export const notOurHost = (host: string): FactUnavailable =>
  notApplicable(
    `nothing is sent to ${host}: the catalogue does not name it`,
    "name the host in hokusai.yaml if it is one of ours",
  );
