/** A small catalogue for tests, with the names of the shipped one. */
import type { Limits, Model, Network, Service } from "#core/config.ts";
import { createRedactor } from "#core/redact.ts";
import type { ProbePort } from "#core/ports/probe.ts";
import { createProbePorts } from "#clients/probe/index.ts";

export const scopedKey = "hk_live_scoped_0123456789abcdef";

export const service: Service = {
  id: "api",
  environment: { id: "production", account: null, region: "us-east-1", role: null },
  ecs: { cluster: "c", service: "s", container: null, port: 8001, requiredVariables: [] },
  logs: { group: "/ecs/s" },
  loadBalancers: ["lb"],
  discovery: { host: "api.hokusai-development.local", port: 8001 },
  api: {
    url: "https://api.hokus.ai/api",
    health: "https://api.hokus.ai/health",
    openapi: "https://api.hokus.ai/openapi.json",
    paths: {
      predict: "/v1/models/{id}/predict",
      info: "/v1/models/{id}/info",
      health: "/v1/models/{id}/health",
    },
    key: { header: "authorization", scheme: "Bearer", prefix: "hk_" },
    probeKey: { env: "HOKUSAI_PROBE_API_KEY", configured: true },
  },
  dependencies: {
    auth: { url: "https://auth.hokus.ai", health: "/health" },
    redis: null,
    hub: null,
    database: null,
    registry: null,
  },
  website: { url: "https://hokus.ai" },
  repository: null,
};

export const model: Model = {
  id: "21",
  name: "Sales Lead Scoring v2",
  aliases: [],
  product: "Lead scoring",
  service,
  prediction: {
    body: { inputs: { company_size: 1000, industry: "Technology" } },
    predictionsField: "predictions",
    scoreField: "lead_score",
    range: [0, 100],
    timeoutSeconds: 10,
    withinSeconds: 2,
  },
  documents: ["https://hokus.ai/explore-models/21"],
  customerUrls: [],
};

export const network: Network = {
  vantage: "internet",
  resolver: null,
  ca: null,
  portMap: {},
  allowPrivate: [],
};
export const limits: Limits = {
  fastVerdictSeconds: 5,
  deepVerdictSeconds: 30,
  predictionsPerRun: 3,
  predictionsPerMinute: 10,
  predictionsPerDay: 100,
};

export function probeWith(
  changes: Partial<Network>,
  more: { limits?: Partial<Limits>; models?: readonly Model[]; key?: string | null } = {},
): ProbePort {
  return createProbePorts({
    config: {
      services: [service],
      models: more.models ?? [model],
      network: { ...network, ...changes },
      limits: { ...limits, ...more.limits },
      secrets: () => (more.key === null ? undefined : (more.key ?? scopedKey)),
    },
    redactor: createRedactor([scopedKey]),
    version: "0.0.0",
  }).probe;
}
