/** What a deployment writes into ECS: a revision, the new PRIMARY deployment, its record, the audit trail. */
import type { ContainerDefinition, Service, TaskDefinition, WorldState } from "./state.ts";
import { appendTrail, arnOf, hexId, taskDefinitionOf } from "./state.ts";

const digits = (): string => `${BigInt(`0x1${hexId(15)}`)}`.slice(0, 19);

/** Registers the next revision of a service's task definition with its first container changed. */
export const registerRevision = (
  state: WorldState,
  service: Service,
  change: (container: ContainerDefinition) => void,
  username = "deploy-bot",
): TaskDefinition => {
  const current = taskDefinitionOf(state, service.taskDefinition);
  if (current === undefined) throw new Error(`${service.name} has no task definition`);
  const revisions = state.ecs.taskDefinitions.filter((one) => one.family === current.family);
  const revision = Math.max(...revisions.map((one) => one.revision)) + 1;
  const next = structuredClone(current);
  next.revision = revision;
  next.arn = arnOf(state, "ecs", `task-definition/${current.family}:${revision}`);
  next.registeredAt = state.now();
  const [container] = next.containerDefinitions;
  if (container !== undefined) change(container);
  state.ecs.taskDefinitions.push(next);
  appendTrail(state, {
    eventName: "RegisterTaskDefinition",
    eventSource: "ecs.amazonaws.com",
    username,
    resources: [{ resourceType: "AWS::ECS::TaskDefinition", resourceName: next.arn }],
    requestParameters: { family: next.family },
  });
  return next;
};

/** UpdateService to a revision: the runtime sees the new PRIMARY deployment and rolls over to it. */
export const deployRevision = (
  state: WorldState,
  service: Service,
  definition: TaskDefinition,
  username = "deploy-bot",
): void => {
  const now = state.now();
  const previous = service.serviceRevisions[0];
  for (const deployment of service.deployments) {
    if (deployment.status === "PRIMARY") deployment.status = "ACTIVE";
  }
  const id = `ecs-svc/${digits()}`;
  service.taskDefinition = definition.arn;
  service.deployments.unshift({
    id,
    status: "PRIMARY",
    taskDefinition: definition.arn,
    desiredCount: service.desiredCount,
    pendingCount: 0,
    runningCount: 0,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
    launchType: "FARGATE",
    platformVersion: "1.4.0",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  });
  const path = `${service.clusterArn.split("/").at(-1) ?? ""}/${service.name}`;
  const revisionArn = arnOf(state, "ecs", `service-revision/${path}/${digits()}`);
  service.serviceRevisions.unshift({
    arn: revisionArn,
    taskDefinition: definition.arn,
    createdAt: now,
    containerImages: definition.containerDefinitions.map((one) => ({
      containerName: one.name,
      image: one.image,
      imageDigest: imageDigest(state, one.image) ?? "",
    })),
  });
  service.serviceDeployments.unshift({
    arn: arnOf(state, "ecs", `service-deployment/${path}/${hexId(21)}`),
    status: "IN_PROGRESS",
    targetServiceRevisionArn: revisionArn,
    sourceServiceRevisionArns: previous === undefined ? [] : [previous.arn],
    createdAt: now,
    startedAt: now,
    updatedAt: now,
    circuitBreaker: {
      status: service.deploymentConfiguration.deploymentCircuitBreaker.enable
        ? "MONITORING"
        : "DISABLED",
      failureCount: 0,
      threshold: 3,
    },
  });
  trailUpdate(state, service, { taskDefinition: definition.arn }, username);
};

export const trailUpdate = (
  state: WorldState,
  service: Service,
  parameters: Record<string, unknown>,
  username: string,
): void =>
  appendTrail(state, {
    eventName: "UpdateService",
    eventSource: "ecs.amazonaws.com",
    username,
    resources: [{ resourceType: "AWS::ECS::Service", resourceName: service.arn }],
    requestParameters: {
      cluster: service.clusterArn.split("/").at(-1),
      service: service.name,
      ...parameters,
    },
  });

/** The digest an image reference leads to; undefined when the registry has no such tag. */
export const imageDigest = (state: WorldState, image: string): string | undefined => {
  const at = image.lastIndexOf(":");
  const repository = state.ecr.repositories.find((one) => one.uri === image.slice(0, at));
  return repository?.images.find((one) => one.imageTags.includes(image.slice(at + 1)))?.imageDigest;
};
