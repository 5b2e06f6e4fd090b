/** The keys of hokusai.yaml. An unknown key anywhere is a problem; docs/configuration.md lists them all. */
import { z } from "zod";
import * as leaf from "./leaves.ts";
import { listOf, mapOf, section } from "./leaves.ts";

const environment = section({
  account: leaf.account.nullable().default(null),
  /** Absent: AWS_REGION. */
  region: leaf.region.optional(),
  role: leaf.role.nullable().default(null),
});

const ecs = section({
  cluster: leaf.text,
  service: leaf.text,
  container: leaf.text.nullable().default(null),
  port: leaf.port,
  requiredVariables: listOf(leaf.requiredVariable).default([]),
});

const api = section({
  url: leaf.url,
  health: leaf.urlOrPath.default("/health"),
  openapi: leaf.urlOrPath.default("/openapi.json"),
  paths: section({
    predict: leaf.modelPath.default("/v1/models/{id}/predict"),
    info: leaf.modelPath.default("/v1/models/{id}/info"),
    health: leaf.modelPath.default("/v1/models/{id}/health"),
  }).prefault({}),
  key: section({
    header: leaf.headerName.default("Authorization"),
    scheme: leaf.possiblyEmptyText.default("Bearer"),
    prefix: leaf.possiblyEmptyText.default("hk_"),
  }).prefault({}),
  probeKey: leaf.secretName.default({ env: "HOKUSAI_PROBE_API_KEY" }),
});

/** What of a dependency is an ECS service of ours, in the same account and region. */
const behind = section({ cluster: leaf.ecsCluster, service: leaf.ecsService })
  .nullable()
  .default(null);

const dependencies = section({
  auth: section({ url: leaf.url, health: leaf.path.default("/health"), ecs: behind })
    .nullable()
    .default(null),
  redis: section({
    url: leaf.redisUrl.nullable().default(null),
    host: leaf.host.nullable().default(null),
    port: leaf.port.default(6379),
  })
    .nullable()
    .default(null),
  hub: section({
    url: leaf.url.default("https://huggingface.co"),
    token: leaf.secretName.nullable().default(null),
    repository: leaf.repository.nullable().default(null),
  })
    .nullable()
    .default(null),
  database: section({
    url: leaf.postgresUrl.nullable().default(null),
    host: leaf.host.nullable().default(null),
    port: leaf.port.default(5432),
    table: leaf.table.default("deployed_models"),
  })
    .nullable()
    .default(null),
  registry: section({
    url: leaf.url,
    token: leaf.secretName.nullable().default(null),
    model: leaf.text.nullable().default(null),
    ecs: behind,
  })
    .nullable()
    .default(null),
});

const exec = section({
  enabled: leaf.yesOrNo.default(false),
  container: leaf.containerName.nullable().default(null),
  role: leaf.role.nullable().default(null),
  approvers: listOf(leaf.slackUser).default([]),
});

const promise = {
  predictionsField: leaf.text.default("predictions"),
  scoreField: leaf.text.nullable().default(null),
  range: leaf.range.nullable().default(null),
  timeoutSeconds: leaf.seconds(300).default(10),
  withinSeconds: leaf.seconds(300).default(2),
};
const prediction = section({ body: leaf.requestBody, ...promise });

/** What a service says, and what each of its models may say otherwise. */
const inherited = {
  environment: leaf.text,
  ecs,
  logs: section({ group: leaf.text }),
  loadBalancers: listOf(leaf.text).default([]),
  discovery: leaf.hostAndPort.nullable().default(null),
  api,
  dependencies: dependencies.prefault({}),
  website: leaf.url.nullable().default(null),
  repository: leaf.repository.nullable().default(null),
  exec: exec.nullable().default(null),
  product: leaf.text.optional(),
  documents: listOf(leaf.url).default([]),
};
const own = {
  name: leaf.text,
  aliases: listOf(leaf.text).default([]),
  service: leaf.text,
  customerUrls: listOf(leaf.text).default([]),
};

/** A service may leave the body of a prediction to its models. */
export const serviceSchema = section({
  ...inherited,
  prediction: section({ body: leaf.requestBody.optional(), ...promise }).optional(),
});
/** A model after its service was laid under it. */
export const modelSchema = section({ ...inherited, ...own, prediction });
/** A model whose service is unknown: its own keys can be read, the others only be recognised. */
export const orphanSchema = section({
  ...Object.fromEntries(
    [...Object.keys(inherited), "prediction"].map((key) => [key, z.unknown().optional()]),
  ),
  ...own,
  service: z.unknown().optional(),
});

export const rootSchema = section({
  version: leaf.version,
  environments: mapOf(leaf.id, environment),
  services: mapOf(leaf.id, z.unknown()),
  models: mapOf(leaf.id, z.unknown()),
  network: section({
    vantage: leaf.vantage.default("internet"),
    resolver: leaf.addressAndPort.nullable().default(null),
    ca: leaf.text.nullable().default(null),
    portMap: mapOf(leaf.hostAndPortKey, leaf.addressAndPort).default({}),
    allowPrivate: listOf(leaf.addressRange).default([]),
  }).prefault({}),
  limits: section({
    fastVerdictSeconds: leaf.seconds(60).default(5),
    deepVerdictSeconds: leaf.seconds(300).default(30),
    predictionsPerRun: leaf.wholeNumber(0, 100).default(30),
    predictionsPerMinute: leaf.wholeNumber(0, 600).default(60),
    predictionsPerDay: leaf.wholeNumber(0, 10_000).default(300),
  }).prefault({}),
  plans: leaf.text.optional(),
});

export type EnvironmentInput = z.output<typeof environment>;
export type ServiceInput = z.output<typeof serviceSchema>;
export type ModelInput = z.output<typeof modelSchema>;
export type RootInput = z.output<typeof rootSchema>;
