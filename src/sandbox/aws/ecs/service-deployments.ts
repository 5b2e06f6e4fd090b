import type { Service, ServiceDeployment, ServiceRevision, WorldState } from "../../world/state.ts";
import { requiredText, textList, toDate } from "../call.ts";
import type { AwsCall, Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { findCluster, findService, pageOf, serviceOf } from "./lookup.ts";

export const serviceDeploymentOperations: Operations = {
  ListServiceDeployments: (call) => {
    const service = serviceByNameOrArn(call);
    const statuses = textList(call, "status");
    const { after, before } = createdWithin(call.input["createdAt"]);
    const deployments = service.serviceDeployments
      .filter(
        (one) =>
          (statuses.length === 0 || statuses.includes(one.status)) &&
          one.createdAt >= after &&
          one.createdAt <= before,
      )
      .toSorted((left, right) => right.createdAt - left.createdAt);
    const page = pageOf(call, deployments, { fallback: 20, max: 100 });
    return {
      serviceDeployments: page.items.map((one) => toBrief(service, one)),
      nextToken: page.next,
    };
  },

  DescribeServiceDeployments: (call) => {
    const { found, failures } = byArn(call, "serviceDeploymentArns", (service) =>
      service.serviceDeployments.map((one) => ({ arn: one.arn, service, item: one })),
    );
    return {
      serviceDeployments: found.map(({ service, item }) => toFull(call.state, service, item)),
      failures,
    };
  },

  DescribeServiceRevisions: (call) => {
    const { found, failures } = byArn(call, "serviceRevisionArns", (service) =>
      service.serviceRevisions.map((one) => ({ arn: one.arn, service, item: one })),
    );
    return {
      serviceRevisions: found.map(({ service, item }) => toRevision(service, item)),
      failures,
    };
  },
};

/** A full service ARN names its cluster itself; a name needs the cluster beside it. */
const serviceByNameOrArn = (call: AwsCall): Service => {
  const wanted = requiredText(call, "service");
  if (!wanted.startsWith("arn:")) return serviceOf(call, "service");
  const cluster = findCluster(call.state, wanted.split("/").at(-2) ?? "");
  const service = cluster === undefined ? undefined : findService(call.state, cluster, wanted);
  if (service === undefined) throw new AwsError("ServiceNotFoundException", "Service not found.");
  return service;
};

const createdWithin = (value: unknown): { after: number; before: number } => {
  const range = (typeof value === "object" && value !== null ? value : {}) as {
    after?: number;
    before?: number;
  };
  return {
    after: range.after === undefined ? -Infinity : range.after * 1000,
    before: range.before === undefined ? Infinity : range.before * 1000,
  };
};

const byArn = <Item>(
  call: AwsCall,
  member: string,
  list: (service: Service) => { arn: string; service: Service; item: Item }[],
) => {
  const wanted = textList(call, member, 20);
  const known = call.state.ecs.services.flatMap(list);
  return {
    found: wanted.flatMap((arn) => known.find((one) => one.arn === arn) ?? []),
    failures: wanted
      .filter((arn) => !known.some((one) => one.arn === arn))
      .map((arn) => ({ arn, reason: "MISSING" })),
  };
};

const toBrief = (service: Service, one: ServiceDeployment) => ({
  serviceDeploymentArn: one.arn,
  serviceArn: service.arn,
  clusterArn: service.clusterArn,
  createdAt: toDate(one.createdAt),
  startedAt: toDate(one.startedAt),
  finishedAt: toDate(one.finishedAt),
  targetServiceRevisionArn: one.targetServiceRevisionArn,
  status: one.status,
  statusReason: one.statusReason,
});

const toFull = (state: WorldState, service: Service, one: ServiceDeployment) => {
  const counted = (arn: string, requested: number) => {
    const definition = service.serviceRevisions.find((each) => each.arn === arn)?.taskDefinition;
    const tasks = state.ecs.tasks.filter(
      (task) =>
        task.group === `service:${service.name}` &&
        task.clusterArn === service.clusterArn &&
        task.taskDefinitionArn === definition &&
        task.desiredStatus === "RUNNING",
    );
    const running = tasks.filter((task) => task.lastStatus === "RUNNING").length;
    return {
      arn,
      requestedTaskCount: requested,
      runningTaskCount: running,
      pendingTaskCount: tasks.length - running,
    };
  };
  const { targetServiceRevisionArn, ...brief } = toBrief(service, one);
  return {
    ...brief,
    updatedAt: toDate(one.updatedAt),
    stoppedAt: one.status === "STOPPED" ? toDate(one.finishedAt) : undefined,
    sourceServiceRevisions: one.sourceServiceRevisionArns.map((arn) => counted(arn, 0)),
    targetServiceRevision: counted(targetServiceRevisionArn, service.desiredCount),
    deploymentConfiguration: { ...service.deploymentConfiguration, strategy: "ROLLING" },
    rollback:
      one.rollback === undefined
        ? undefined
        : { ...one.rollback, startedAt: toDate(one.rollback.startedAt) },
    deploymentCircuitBreaker: one.circuitBreaker,
  };
};

const toRevision = (service: Service, one: ServiceRevision) => ({
  serviceRevisionArn: one.arn,
  serviceArn: service.arn,
  clusterArn: service.clusterArn,
  taskDefinition: one.taskDefinition,
  launchType: service.launchType,
  platformVersion: service.platformVersion,
  platformFamily: "Linux",
  loadBalancers: service.loadBalancers,
  serviceRegistries: service.serviceRegistries,
  networkConfiguration: service.networkConfiguration,
  containerImages: one.containerImages,
  guardDutyEnabled: false,
  createdAt: toDate(one.createdAt),
});
