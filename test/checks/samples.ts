/** Plain values of the AWS facts as a healthy service has them; tests change what their row is about. */
import type { Check, Found } from "#core/check.ts";
import type { Evidence } from "#core/finding.ts";
import type {
  EcsService,
  EcsTask,
  LoadBalancer,
  TargetGroup,
  TargetHealth,
  TaskDefinition,
} from "#core/ports/aws.ts";
import type { Resolution } from "#core/ports/probe.ts";
import type { Target } from "#core/target.ts";

export const now = Date.parse("2026-11-21T03:00:00Z");
export const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

const arn = (product: string, rest: string): string =>
  `arn:aws:${product}:us-east-1:123456789012:${rest}`;
export const groupArn = (name: string): string =>
  arn("elasticloadbalancing", `targetgroup/${name}/0123456789abcdef`);
export const balancerArn = (name: string): string =>
  arn("elasticloadbalancing", `loadbalancer/app/${name}/0123456789abcdef`);
export const revisionArn = (revision: number): string =>
  arn("ecs", `task-definition/api:${revision}`);

export const target = {
  id: "21",
  name: "Model",
  aliases: [],
  product: "Scoring",
  service: {
    id: "api",
    environment: { id: "production", account: "123456789012", region: "us-east-1", role: null },
    ecs: {
      cluster: "main",
      service: "api",
      container: "api",
      port: 8001,
      requiredVariables: [
        "AUTH_URL",
        "HUB_KEY",
        { anyOf: [["REDIS_URL"], ["REDIS_HOST", "REDIS_PORT"]] },
      ],
    },
    logs: { group: "/ecs/api" },
    loadBalancers: ["main", "second"],
    discovery: { host: "api.example.local", port: 8001 },
    api: {
      url: "https://api.example.com/api",
      health: "https://api.example.com/health",
      openapi: "https://api.example.com/openapi.json",
      paths: {
        predict: "/v1/models/{id}/predict",
        info: "/v1/models/{id}/info",
        health: "/v1/models/{id}/health",
      },
      key: { header: "Authorization", scheme: "Bearer", prefix: "hk_" },
      probeKey: { env: "KEY", configured: false },
    },
    dependencies: {
      auth: { url: "https://auth.example.com", health: "/health" },
      redis: { url: null, host: "cache.example.local", port: 6379 },
      hub: { url: "https://huggingface.co", token: null, repository: null },
      database: { url: null, host: "db.example.local", port: 5432, table: "deployed_models" },
      registry: null,
    },
    website: { url: "https://example.com" },
    repository: null,
  },
  prediction: {
    body: {},
    predictionsField: "predictions",
    scoreField: null,
    range: null,
    timeoutSeconds: 10,
    withinSeconds: 2,
  },
  documents: [],
  customerUrls: [],
} as unknown as Target;

export const service = (change: Partial<EcsService> = {}): EcsService => ({
  arn: arn("ecs", "service/main/api"),
  name: "api",
  status: "ACTIVE",
  desired: 2,
  running: 2,
  pending: 0,
  taskDefinition: revisionArn(42),
  healthCheckGraceSeconds: 60,
  circuitBreaker: { enabled: true, rollback: true },
  deployments: [deployment()],
  events: [{ at: ago(30), message: "(service api) has reached a steady state." }],
  loadBalancers: [{ targetGroup: groupArn("api"), container: "api", port: 8001 }],
  registries: [],
  launchType: "FARGATE",
  network: { subnets: ["subnet-a"], securityGroups: ["sg-task"], publicIp: false },
  ...change,
});

export const deployment = (
  change: Partial<EcsService["deployments"][number]> = {},
): EcsService["deployments"][number] => ({
  id: "ecs-svc/1",
  status: "PRIMARY",
  taskDefinition: revisionArn(42),
  desired: 2,
  running: 2,
  pending: 0,
  failed: 0,
  rollout: "COMPLETED",
  rolloutReason: null,
  createdAt: ago(5_000),
  updatedAt: ago(4_990),
  ...change,
});

export const task = (change: Partial<EcsTask> = {}): EcsTask => ({
  arn: arn("ecs", "task/main/aaaa0000"),
  id: "aaaa0000",
  taskDefinition: revisionArn(42),
  lastStatus: "RUNNING",
  health: "HEALTHY",
  createdAt: ago(100),
  pullStartedAt: ago(100),
  pullStoppedAt: ago(99.5),
  startedAt: ago(99),
  stoppedAt: null,
  stopCode: null,
  stoppedReason: null,
  zone: "us-east-1a",
  addresses: ["10.0.1.10"],
  interfaces: ["eni-1"],
  subnets: ["subnet-a"],
  containers: [container()],
  ...change,
});

export const container = (
  change: Partial<EcsTask["containers"][number]> = {},
): EcsTask["containers"][number] => ({
  name: "api",
  image: "registry/api:1",
  digest: null,
  lastStatus: "RUNNING",
  health: "HEALTHY",
  exitCode: null,
  reason: null,
  ...change,
});

type Variable = TaskDefinition["containers"][number]["variables"][number];
export const variable = (name: string, value = "x"): Variable => ({
  name,
  empty: value === "",
  fingerprint: value,
});

export const definition = (
  change: Partial<TaskDefinition["containers"][number]> = {},
  revision = 42,
): TaskDefinition => ({
  arn: revisionArn(revision),
  family: "api",
  revision,
  registeredAt: ago(5_000),
  cpu: "512",
  memory: "1024",
  networkMode: "awsvpc",
  executionRole: "role",
  taskRole: "role",
  containers: [
    {
      name: "api",
      image: "registry/api:1",
      essential: true,
      cpu: 512,
      memory: 1024,
      ports: [{ container: 8001, protocol: "tcp" }],
      variables: [variable("AUTH_URL"), variable("REDIS_HOST"), variable("REDIS_PORT")],
      secrets: [{ name: "HUB_KEY", from: "arn:hub" }],
      commandFingerprint: "c",
      logs: {
        driver: "awslogs",
        options: { "awslogs-group": "/ecs/api", "awslogs-stream-prefix": "ecs" },
      },
      healthCheck: null,
      ...change,
    },
  ],
});

export const balancer = (change: Partial<LoadBalancer> = {}): LoadBalancer => ({
  arn: balancerArn(change.name ?? "main"),
  name: "main",
  dnsName: `${change.name ?? "main"}-1.us-east-1.elb.amazonaws.com`,
  scheme: "internet-facing",
  state: "active",
  vpc: "vpc-1",
  securityGroups: ["sg-lb"],
  subnets: ["subnet-p"],
  ...change,
});

export const group = (
  change: Partial<TargetGroup["healthCheck"]> = {},
  name = "api",
): TargetGroup & { ofService: boolean } => ({
  arn: groupArn(name),
  name,
  targetType: "ip",
  port: 80,
  protocol: "HTTP",
  loadBalancers: [balancerArn("main")],
  ofService: true,
  healthCheck: {
    enabled: true,
    path: "/health",
    port: "traffic-port",
    protocol: "HTTP",
    matcher: "200",
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyCount: 2,
    unhealthyCount: 2,
    ...change,
  },
});

export const health = (
  state = "healthy",
  reason: string | null = null,
  id = "10.0.1.10",
  port = 8001,
): TargetHealth => ({
  id,
  port,
  zone: null,
  healthCheckPort: `${port}`,
  state,
  reason,
  description: null,
});

export const groupHealth = (targets: readonly TargetHealth[], name = "api", ofService = true) => ({
  arn: groupArn(name),
  name,
  ofService,
  targets,
});

export const resolved = (
  cnames: readonly string[],
  addresses: readonly string[],
  problem: Resolution["problem"] = null,
) => ({
  role: "api" as const,
  host: "api.example.com",
  cnames,
  addresses,
  problem,
  tookMs: 1,
});

/** The outcome of a check over these facts, or "not run". */
export function judged(check: unknown, facts: Record<string, unknown>): string {
  const judgement = (check as Check).judge(facts, { target, reported: null, now });
  if ("lacks" in judgement) return `lacks ${judgement.lacks}`;
  return "outcome" in judgement ? judgement.outcome : "not run";
}

export function evidenceOf(check: unknown, facts: Record<string, unknown>): readonly Evidence[] {
  const judgement = (check as Check).judge(facts, { target, reported: null, now });
  return "outcome" in judgement ? judgement.evidence : [];
}

export function summaryOf(check: unknown, facts: Record<string, unknown>): string {
  const judgement = (check as Check).judge(facts, { target, reported: null, now });
  if ("lacks" in judgement) return `lacks ${judgement.lacks}`;
  return "outcome" in judgement ? judgement.summary : judgement.notRun.detail;
}

/** What a check found over these facts; throws where it found nothing. */
export function findingOf(
  check: unknown,
  facts: Record<string, unknown>,
  of: Target = target,
): Found {
  const judgement = (check as Check).judge(facts, { target: of, reported: null, now });
  if (!("outcome" in judgement)) throw new Error("not run");
  return judgement;
}
