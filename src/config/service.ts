/** What validation read, as the services and models of core/config.ts. */
import type { Environment, Model, SecretName, Service } from "#core/config.ts";
import { isLoopback } from "./leaves.ts";
import { environmentProblem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { EnvironmentInput, ModelInput, ServiceInput } from "./schema.ts";
import type { SecretStore } from "./secrets.ts";
import { locate } from "./source-tree.ts";
import type { Tree } from "./source-tree.ts";

export interface CatalogueContext {
  readonly store: SecretStore;
  readonly awsRegion: string | null;
  readonly problems: Problem[];
}

export function toEnvironment(
  id: string,
  input: EnvironmentInput,
  tree: Tree,
  context: CatalogueContext,
): Environment {
  const region = input.region ?? context.awsRegion;
  if (region === null) {
    const { at, path } = locate(tree, ["environments", id, "region"]);
    context.problems.push({
      ...at,
      path,
      message: "expected an AWS region, here or in AWS_REGION, and it is missing",
    });
  }
  return { id, account: input.account, region: region ?? "", role: input.role };
}

export function toService(
  id: string,
  input: ServiceInput | ModelInput,
  environment: Environment | undefined,
  tree: Tree,
  { store, problems }: CatalogueContext,
): Service | null {
  const { dependencies } = input;
  const secretUrl = (
    url: string | { env: string } | null,
    at: readonly string[],
    protocols: readonly string[],
  ): SecretName | string | null => {
    if (url === null || typeof url === "string") return url;
    const name = store.name(url);
    const value = store.secrets(name);
    if (value !== undefined && !protocols.includes(URL.parse(value)?.protocol ?? "")) {
      const path = locate(tree, at).path;
      problems.push(
        environmentProblem(
          url.env,
          `expected a ${protocols[0]}// URL (${path} names this variable); its value is not shown`,
        ),
      );
    }
    return name;
  };
  const token = (reference: { env: string } | null) =>
    reference === null ? null : store.name(reference);
  const origin = new URL(input.api.url).origin;
  const absolute = (value: string): string => (value.startsWith("/") ? origin + value : value);
  const { redis, database, hub, registry } = dependencies;
  const redisUrl = secretUrl(
    redis?.url ?? null,
    ["dependencies", "redis", "url"],
    ["redis:", "rediss:"],
  );
  const databaseUrl = secretUrl(
    database?.url ?? null,
    ["dependencies", "database", "url"],
    ["postgres:", "postgresql:"],
  );
  const probeKey = store.name(input.api.probeKey);
  if (environment === undefined) return null;
  return {
    id,
    environment,
    ecs: input.ecs,
    logs: input.logs,
    loadBalancers: input.loadBalancers,
    discovery: input.discovery === null ? null : toHostAndPort(input.discovery),
    api: {
      ...input.api,
      health: absolute(input.api.health),
      openapi: absolute(input.api.openapi),
      probeKey,
    },
    dependencies: {
      auth: dependencies.auth,
      redis: redis === null ? null : { ...redis, url: redisUrl, ...placeOf(redis, store) },
      hub: hub === null ? null : { ...hub, token: token(hub.token) },
      database:
        database === null ? null : { ...database, url: databaseUrl, ...placeOf(database, store) },
      registry: registry === null ? null : { ...registry, token: token(registry.token) },
    },
    website: input.website === null ? null : { url: input.website },
    repository: input.repository,
    exec: input.exec,
  };
}

/**
 * Where a dependency is: as written, else as its URL says. Neither is secret. The near end of a tunnel on this
 * machine tells nothing of where the tasks go.
 */
function placeOf(
  { host, port, url }: { host: string | null; port: number; url: string | { env: string } | null },
  store: SecretStore,
): { host: string | null; port: number } {
  const text = url === null || typeof url === "string" ? url : store.secrets(store.name(url));
  const parsed = host === null ? URL.parse(text ?? "") : null;
  if (parsed === null || parsed.hostname === "" || isLoopback(parsed.hostname))
    return { host, port };
  return {
    host: parsed.hostname.replace(/^\[|\]$/gu, ""),
    port: parsed.port === "" ? port : Number(parsed.port),
  };
}

function toHostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

export const toModel = (id: string, input: ModelInput, service: Service): Model => ({
  id,
  name: input.name,
  aliases: input.aliases,
  product: input.product ?? input.name,
  service,
  prediction: input.prediction,
  documents: input.documents.map((page) => page.replaceAll("{id}", encodeURIComponent(id))),
  customerUrls: input.customerUrls,
});
