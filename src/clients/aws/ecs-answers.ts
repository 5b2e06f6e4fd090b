import type { Service, ServiceDeploymentBrief, Task } from "@aws-sdk/client-ecs";
import type { EcsDeployment, EcsService, EcsTask, ServiceDeployment } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { senseless } from "./call.ts";
import { present, toIso } from "./values.ts";

export function toService(service: Service, redactor: Redactor): EcsService {
  const { desiredCount, runningCount } = service;
  if (desiredCount === undefined || runningCount === undefined) {
    throw senseless("ecs:DescribeServices", "the service comes without its counts");
  }
  const vpc = service.networkConfiguration?.awsvpcConfiguration;
  const breaker = service.deploymentConfiguration?.deploymentCircuitBreaker;
  return {
    arn: service.serviceArn ?? "",
    name: service.serviceName ?? "",
    status: service.status ?? "ACTIVE",
    desired: desiredCount,
    running: runningCount,
    pending: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition ?? "",
    healthCheckGraceSeconds: service.healthCheckGracePeriodSeconds ?? null,
    circuitBreaker:
      breaker === undefined
        ? null
        : { enabled: breaker.enable ?? false, rollback: breaker.rollback ?? false },
    deployments: present(service.deployments).map((one) => toDeployment(one, redactor)),
    events: present(service.events)
      .map((event) => ({
        at: toIso(event.createdAt) ?? "",
        message: redactor.text(event.message ?? ""),
      }))
      .toSorted((a, b) => b.at.localeCompare(a.at)),
    loadBalancers: present(service.loadBalancers).flatMap((one) =>
      one.targetGroupArn === undefined
        ? []
        : [
            {
              targetGroup: one.targetGroupArn,
              container: one.containerName ?? null,
              port: one.containerPort ?? null,
            },
          ],
    ),
    registries: present(service.serviceRegistries).flatMap((one) => one.registryArn ?? []),
    launchType: launchTypeOf(service),
    network:
      vpc === undefined
        ? null
        : {
            subnets: vpc.subnets ?? [],
            securityGroups: vpc.securityGroups ?? [],
            publicIp: vpc.assignPublicIp === "ENABLED",
          },
  };
}

/** A service with capacity providers has no launch type; those of Fargate are called FARGATE and FARGATE_SPOT. */
const launchTypeOf = (service: Service): string | null => {
  const [provider] = present(service.capacityProviderStrategy).flatMap(
    (one) => one.capacityProvider ?? [],
  );
  if (provider === undefined) return service.launchType ?? null;
  return provider.startsWith("FARGATE") ? "FARGATE" : "EC2";
};

const toDeployment = (
  one: NonNullable<Service["deployments"]>[number],
  redactor: Redactor,
): EcsDeployment => ({
  id: one.id ?? "",
  status: one.status ?? "",
  taskDefinition: one.taskDefinition ?? "",
  desired: one.desiredCount ?? 0,
  running: one.runningCount ?? 0,
  pending: one.pendingCount ?? 0,
  failed: one.failedTasks ?? 0,
  rollout: one.rolloutState ?? null,
  rolloutReason:
    one.rolloutStateReason === undefined ? null : redactor.text(one.rolloutStateReason),
  createdAt: toIso(one.createdAt),
  updatedAt: toIso(one.updatedAt),
});

export const toServiceDeployment = (
  one: ServiceDeploymentBrief,
  redactor: Redactor,
): ServiceDeployment => ({
  arn: one.serviceDeploymentArn ?? "",
  status: one.status ?? "",
  reason: one.statusReason === undefined ? null : redactor.text(one.statusReason),
  createdAt: toIso(one.createdAt ?? one.startedAt),
  finishedAt: toIso(one.finishedAt),
});

export function toTask(task: Task, redactor: Redactor): EcsTask {
  const containers = present(task.containers);
  const details = present(task.attachments).flatMap((one) => present(one.details));
  const detail = (name: string): readonly string[] =>
    details.flatMap((one) => (one.name === name && one.value !== undefined ? [one.value] : []));
  const addresses = containers.flatMap((one) =>
    present(one.networkInterfaces).flatMap((nic) =>
      present([nic.privateIpv4Address, nic.ipv6Address]),
    ),
  );
  const arn = task.taskArn ?? "";
  return {
    arn,
    id: arn.slice(arn.lastIndexOf("/") + 1),
    taskDefinition: task.taskDefinitionArn ?? "",
    lastStatus: task.lastStatus ?? "",
    health: task.healthStatus ?? null,
    createdAt: toIso(task.createdAt),
    pullStartedAt: toIso(task.pullStartedAt),
    pullStoppedAt: toIso(task.pullStoppedAt),
    startedAt: toIso(task.startedAt),
    stoppedAt: toIso(task.stoppedAt),
    stopCode: task.stopCode ?? null,
    stoppedReason: task.stoppedReason === undefined ? null : redactor.text(task.stoppedReason),
    zone: task.availabilityZone ?? null,
    addresses: [...new Set([...detail("privateIPv4Address"), ...addresses])],
    interfaces: detail("networkInterfaceId"),
    subnets: detail("subnetId"),
    containers: containers.map((one) => ({
      name: one.name ?? "",
      image: one.image ?? null,
      digest: one.imageDigest ?? null,
      lastStatus: one.lastStatus ?? null,
      health: one.healthStatus ?? null,
      exitCode: one.exitCode ?? null,
      reason: one.reason === undefined ? null : redactor.text(one.reason),
    })),
  };
}
