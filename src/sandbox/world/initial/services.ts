/** The ECS side before anything goes wrong: four services, their revisions, images, secrets, running tasks. */
import { createHash } from "node:crypto";
import type {
  ApiProgram,
  ContainerDefinition,
  Program,
  Repository,
  Secret,
  Service,
  Task,
  TaskDefinition,
} from "../state.ts";
import { hexId, uuid } from "../state.ts";
import { targetGroupArns } from "./balancers.ts";
import { groupIds, subnetIds, zones } from "./network.ts";

const account = "123456789012";
const region = "us-east-1";
const cluster = "hokusai-development";
const minute = 60_000;
const day = 86_400_000;

export const repositoryUri = `${account}.dkr.ecr.${region}.amazonaws.com`;
export const digestOf = (content: string): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** main.py as it should be: the string router first, so that "21" is served by it. */
export const goodApiProgram = (commit: string): ApiProgram => ({
  kind: "api",
  commit,
  port: 8001,
  bind: "0.0.0.0",
  routers: [
    {
      name: "model_serving",
      parameter: "str",
      methods: { predict: ["POST"], info: true, health: true },
    },
    {
      name: "predict",
      parameter: "uuid",
      methods: { predict: ["POST"], info: false, health: false },
    },
  ],
  startSeconds: 0.05,
  crash: null,
  authTimeoutSeconds: 2,
  blockingAuth: false,
  endpointAuth: false,
  coldLoadSeconds: 0.15,
  rateLimit: null,
});

export const goodAuthProgram: Program = { kind: "auth", trouble: null, crash: null };

/** The service that answers behind auth.hokus.ai. */
export const authService = "hokusai-auth-development";

type Stage = "development" | "production";

const secretArn = (name: string, stage: Stage): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:hokusai/${stage}/${name}-${createHash("sha256").update(name).digest("hex").slice(0, 6)}`;

/** Values of the world's own secrets; real to its servers, worth nothing elsewhere. */
export const secretValues = {
  huggingface: "hf_sandboxSandboxSandboxSandbox0021",
  redis: "redis-sandbox-password",
  database: "database-sandbox-password",
  registry: "mlflow-sandbox-token",
} as const;

export const initialSecrets = (now: number): Secret[] => secretsOf("development", now);

export const secretsOf = (stage: Stage, now: number): Secret[] =>
  (
    [
      ["huggingface-api-key", secretValues.huggingface],
      ["redis-url", `redis://:${secretValues.redis}@redis.hokusai-development.local:6379/0`],
      [
        "database-url",
        `postgresql://hokusai:${secretValues.database}@database.hokusai-development.local:5432/hokusai?sslmode=require`,
      ],
    ] as const
  ).map(([name, value]) => ({
    arn: secretArn(name, stage),
    name: `hokusai/${stage}/${name}`,
    value,
    createdAt: now - 210 * day,
    lastChangedAt: now - 90 * day,
  }));

const logOptions = (
  service: string,
  prefix: string,
): NonNullable<ContainerDefinition["logConfiguration"]> => ({
  logDriver: "awslogs",
  options: {
    "awslogs-group": `/ecs/${service}`,
    "awslogs-region": region,
    "awslogs-stream-prefix": prefix,
  },
});

export const revisionOf = (
  family: string,
  revision: number,
  container: ContainerDefinition,
  registeredAt: number,
): TaskDefinition => ({
  arn: `arn:aws:ecs:${region}:${account}:task-definition/${family}:${revision}`,
  family,
  revision,
  status: "ACTIVE",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  cpu: `${container.cpu}`,
  memory: `${container.memory ?? 2048}`,
  taskRoleArn: `arn:aws:iam::${account}:role/${family}-task`,
  executionRoleArn: `arn:aws:iam::${account}:role/${family}-execution`,
  containerDefinitions: [container],
  registeredAt,
  registeredBy: `arn:aws:sts::${account}:assumed-role/deploy-bot/github-actions`,
});

export const apiContainer = (tag: string, stage: Stage = "development"): ContainerDefinition => ({
  name: "hokusai-api",
  image: `${repositoryUri}/hokusai-api:${tag}`,
  essential: true,
  cpu: 1024,
  memory: 2048,
  portMappings: [{ containerPort: 8001, hostPort: 8001, protocol: "tcp", name: "http" }],
  environment: [
    { name: "ENVIRONMENT", value: stage },
    { name: "FORWARDED_ALLOW_IPS", value: "*" },
    { name: "HOKUSAI_AUTH_SERVICE_URL", value: "https://auth.hokus.ai" },
    { name: "LOG_LEVEL", value: "INFO" },
    { name: "MODEL_21_REPOSITORY", value: "timogilvie/hokusai-model-21-sales-lead-scorer" },
  ],
  secrets: [
    { name: "DATABASE_URL", valueFrom: secretArn("database-url", stage) },
    { name: "HUGGINGFACE_API_KEY", valueFrom: secretArn("huggingface-api-key", stage) },
    { name: "REDIS_URL", valueFrom: secretArn("redis-url", stage) },
  ],
  healthCheck: {
    command: ["CMD-SHELL", "curl -fsS http://localhost:8001/health || exit 1"],
    interval: 30,
    timeout: 5,
    retries: 3,
    startPeriod: 60,
  },
  logConfiguration: logOptions(`hokusai-api-${stage}`, "api"),
});

const plainContainer = (
  name: string,
  service: string,
  port: number | null,
  tag = "stable",
): ContainerDefinition => ({
  name,
  image: `${repositoryUri}/${name}:${tag}`,
  essential: true,
  cpu: 512,
  memory: 1024,
  portMappings: port === null ? [] : [{ containerPort: port, hostPort: port, protocol: "tcp" }],
  environment: [{ name: "ENVIRONMENT", value: "development" }],
  secrets: [],
  logConfiguration: logOptions(service, name.replace("hokusai-", "")),
});

const authContainer = (tag: string): ContainerDefinition => ({
  ...plainContainer("hokusai-auth", authService, 8080, tag),
  environment: [
    { name: "ENVIRONMENT", value: "development" },
    { name: "KEY_STORE_URL", value: "dynamodb://hokusai-keys-development" },
  ],
});

export const initialTaskDefinitions = (now: number): TaskDefinition[] => [
  revisionOf("hokusai-api-development", 40, apiContainer("7be02d1"), now - 19 * day),
  revisionOf("hokusai-api-development", 41, apiContainer("c41f88a"), now - 9 * day),
  revisionOf("hokusai-api-development", 42, apiContainer("5e3a917"), now - 3 * day - 4 * minute),
  revisionOf(
    "hokusai-mlflow-development",
    12,
    plainContainer("hokusai-mlflow", "hokusai-mlflow-development", 5000),
    now - 61 * day,
  ),
  revisionOf(
    "hokusai-worker-development",
    27,
    plainContainer("hokusai-worker", "hokusai-worker-development", null),
    now - 33 * day,
  ),
  revisionOf(authService, 5, authContainer("0d7e4b2"), now - 84 * day),
  revisionOf(authService, 6, authContainer("a8c53f1"), now - 20 * day - 5 * minute),
];

const image = (
  tags: string[],
  content: string,
  pushedAt: number,
): Repository["images"][number] => ({
  imageDigest: digestOf(content),
  imageTags: tags,
  imagePushedAt: pushedAt,
  imageSizeInBytes: 612_443_128 + (content.length % 7) * 1_024,
});

const repository = (name: string, images: Repository["images"]): Repository => ({
  arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
  name,
  uri: `${repositoryUri}/${name}`,
  images,
});

export const apiCommits = ["7be02d1", "c41f88a", "5e3a917"] as const;

export const initialRepositories = (now: number): Repository[] => [
  repository("hokusai-api", [
    image(["7be02d1"], "api 7be02d1", now - 19 * day - 10 * minute),
    image(["c41f88a"], "api c41f88a", now - 9 * day - 10 * minute),
    image(["5e3a917", "latest"], "api 5e3a917", now - 3 * day - 12 * minute),
  ]),
  repository("hokusai-mlflow", [image(["stable"], "mlflow", now - 61 * day)]),
  repository("hokusai-worker", [image(["stable"], "worker", now - 33 * day)]),
  repository("hokusai-auth", [
    image(["0d7e4b2"], "auth 0d7e4b2", now - 84 * day),
    image(["a8c53f1"], "auth a8c53f1", now - 20 * day - 9 * minute),
  ]),
];

export const initialPrograms = (): Map<string, Program> =>
  new Map<string, Program>([
    ...apiCommits.map((commit) => [digestOf(`api ${commit}`), goodApiProgram(commit)] as const),
    [digestOf("mlflow"), { kind: "registry", port: 5000 }],
    [digestOf("worker"), { kind: "worker" }],
    ...["0d7e4b2", "a8c53f1"].map(
      (commit) => [digestOf(`auth ${commit}`), goodAuthProgram] as const,
    ),
  ]);

export interface Plan {
  name: string;
  cluster: string;
  family: string;
  revision: number;
  desired: number;
  groupId: string;
  image: string;
  imageContent: string;
  deployedAt: number;
  balancer: { targetGroupArn: string; containerName: string; containerPort: number } | null;
  registryArn: string | null;
}

export const discoveryServiceArn = `arn:aws:servicediscovery:${region}:${account}:service/srv-hokusaiapi0001`;

export const servicePlans = (now: number): Plan[] => [
  {
    name: "hokusai-api-development",
    cluster,
    family: "hokusai-api-development",
    revision: 42,
    desired: 2,
    groupId: groupIds.api,
    image: `${repositoryUri}/hokusai-api:5e3a917`,
    imageContent: "api 5e3a917",
    deployedAt: now - 3 * day,
    balancer: {
      targetGroupArn: targetGroupArns.api,
      containerName: "hokusai-api",
      containerPort: 8001,
    },
    registryArn: discoveryServiceArn,
  },
  {
    name: "hokusai-mlflow-development",
    cluster,
    family: "hokusai-mlflow-development",
    revision: 12,
    desired: 1,
    groupId: groupIds.registry,
    image: `${repositoryUri}/hokusai-mlflow:stable`,
    imageContent: "mlflow",
    deployedAt: now - 61 * day,
    balancer: {
      targetGroupArn: targetGroupArns.registry,
      containerName: "hokusai-mlflow",
      containerPort: 5000,
    },
    registryArn: null,
  },
  {
    name: "hokusai-worker-development",
    cluster,
    family: "hokusai-worker-development",
    revision: 27,
    desired: 1,
    groupId: groupIds.worker,
    image: `${repositoryUri}/hokusai-worker:stable`,
    imageContent: "worker",
    deployedAt: now - 33 * day,
    balancer: null,
    registryArn: null,
  },
];

/** Of the tasks behind auth.hokus.ai. Its public side is kept by another team, outside this account. */
export const authPlan = (now: number): Plan => ({
  name: authService,
  cluster,
  family: authService,
  revision: 6,
  desired: 1,
  groupId: groupIds.auth,
  image: `${repositoryUri}/hokusai-auth:a8c53f1`,
  imageContent: "auth a8c53f1",
  deployedAt: now - 20 * day,
  balancer: null,
  registryArn: null,
});

export const initialService = (plan: Plan): Service => {
  const { cluster: own } = plan;
  const taskDefinition = `arn:aws:ecs:${region}:${account}:task-definition/${plan.family}:${plan.revision}`;
  // The plain containers are called like their repositories.
  const repositoryName = plan.image.slice(plan.image.lastIndexOf("/") + 1).split(":")[0] ?? "";
  const definitionContainer = plan.balancer?.containerName ?? repositoryName;
  const revisionArn = `arn:aws:ecs:${region}:${account}:service-revision/${own}/${plan.name}/${digits()}`;
  const deploymentArn = `arn:aws:ecs:${region}:${account}:service-deployment/${own}/${plan.name}/${hexId(21)}`;
  const finishedAt = plan.deployedAt + 3 * minute;
  return {
    arn: `arn:aws:ecs:${region}:${account}:service/${own}/${plan.name}`,
    name: plan.name,
    clusterArn: `arn:aws:ecs:${region}:${account}:cluster/${own}`,
    status: "ACTIVE",
    desiredCount: plan.desired,
    runningCount: plan.desired,
    pendingCount: 0,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    taskDefinition,
    deployments: [
      {
        id: `ecs-svc/${digits()}`,
        status: "PRIMARY",
        taskDefinition,
        desiredCount: plan.desired,
        pendingCount: 0,
        runningCount: plan.desired,
        failedTasks: 0,
        createdAt: plan.deployedAt,
        updatedAt: finishedAt,
        launchType: "FARGATE",
        platformVersion: "1.4.0",
        rolloutState: "COMPLETED",
        rolloutStateReason: "ECS deployment completed.",
      },
    ],
    events: [],
    loadBalancers: plan.balancer === null ? [] : [plan.balancer],
    serviceRegistries: plan.registryArn === null ? [] : [{ registryArn: plan.registryArn }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...subnetIds.private],
        securityGroups: [plan.groupId],
        assignPublicIp: "DISABLED",
      },
    },
    // A development cluster: old tasks are stopped before new ones start, and nothing rolls back.
    deploymentConfiguration: {
      maximumPercent: 100,
      minimumHealthyPercent: 0,
      deploymentCircuitBreaker: { enable: false, rollback: false },
    },
    healthCheckGracePeriodSeconds: 60,
    schedulingStrategy: "REPLICA",
    enableExecuteCommand: plan.name === "hokusai-api-development",
    createdAt: plan.deployedAt - 200 * day,
    createdBy: `arn:aws:iam::${account}:role/deploy-bot`,
    serviceDeployments: [
      {
        arn: deploymentArn,
        status: "SUCCESSFUL",
        targetServiceRevisionArn: revisionArn,
        sourceServiceRevisionArns: [],
        createdAt: plan.deployedAt,
        startedAt: plan.deployedAt + 2_000,
        finishedAt,
        updatedAt: finishedAt,
        circuitBreaker: { status: "DISABLED", failureCount: 0, threshold: 3 },
      },
    ],
    serviceRevisions: [
      {
        arn: revisionArn,
        taskDefinition,
        createdAt: plan.deployedAt,
        containerImages: [
          {
            containerName: definitionContainer,
            image: plan.image,
            imageDigest: digestOf(plan.imageContent),
          },
        ],
      },
    ],
  };
};

const digits = (): string => `${BigInt(`0x${hexId(15)}`)}`.padStart(19, "4").slice(0, 19);

/** A task in the given state of its life; the runtime fills in what happens to it later. */
export const newTask = (input: {
  service: Service;
  definition: TaskDefinition;
  index: number;
  address: string;
  at: number;
}): Task => {
  const { service, definition, address, at } = input;
  const { clusterArn } = service;
  const id = hexId(32);
  const zone = input.index % zones.length;
  const attachmentId = uuid();
  return {
    arn: `${clusterArn.replace(":cluster/", ":task/")}/${id}`,
    id,
    clusterArn,
    group: `service:${service.name}`,
    startedBy: service.deployments.find((one) => one.status === "PRIMARY")?.id ?? "",
    taskDefinitionArn: definition.arn,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    healthStatus: "UNKNOWN",
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    enableExecuteCommand: service.enableExecuteCommand,
    cpu: definition.cpu,
    memory: definition.memory,
    availabilityZone: zones[zone] ?? zones[0],
    connectivity: "CONNECTED",
    containers: definition.containerDefinitions.map((container) => ({
      name: container.name,
      image: container.image,
      runtimeId: `${id}-${hexId(10)}`,
      lastStatus: "PENDING",
      healthStatus: "UNKNOWN",
      networkInterfaces: [{ attachmentId, privateIpv4Address: address }],
    })),
    attachments: [
      {
        id: attachmentId,
        type: "ElasticNetworkInterface",
        status: "ATTACHED",
        details: [
          { name: "subnetId", value: subnetIds.private[zone] ?? "" },
          { name: "networkInterfaceId", value: `eni-0${hexId(16)}` },
          { name: "macAddress", value: `0a:${hexId(10).replace(/(..)(?=.)/g, "$1:")}` },
          { name: "privateDnsName", value: `ip-${address.replaceAll(".", "-")}.ec2.internal` },
          { name: "privateIPv4Address", value: address },
        ],
      },
    ],
    createdAt: at,
  };
};
