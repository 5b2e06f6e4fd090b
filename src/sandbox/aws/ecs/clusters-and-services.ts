import type { Cluster, Deployment, Service, WorldState } from "../../world/state.ts";
import { textList, toDate } from "../call.ts";
import type { Operations } from "../call.ts";
import { arnOf } from "../../world/state.ts";
import { clusterOf, findCluster, findService, invalidParameter, pageOf } from "./lookup.ts";

export const clusterAndServiceOperations: Operations = {
  DescribeClusters: (call) => {
    const wanted = textList(call, "clusters", 100);
    const names = wanted.length === 0 ? ["default"] : wanted;
    const found = names.map((name) => ({ name, cluster: findCluster(call.state, name) }));
    return {
      clusters: found.flatMap(({ cluster }) =>
        cluster === undefined ? [] : [toCluster(call.state, cluster)],
      ),
      failures: found
        .filter(({ cluster }) => cluster === undefined)
        .map(({ name }) => missing(call.state, "cluster", name)),
    };
  },

  ListClusters: (call) => {
    const page = pageOf(call, call.state.ecs.clusters, { fallback: 100, max: 100 });
    return { clusterArns: page.items.map((one) => one.arn), nextToken: page.next };
  },

  ListServices: (call) => {
    const cluster = clusterOf(call);
    const services = call.state.ecs.services.filter(
      (one) => one.clusterArn === cluster.arn && one.status !== "INACTIVE",
    );
    const page = pageOf(call, services, { fallback: 10, max: 100 });
    return { serviceArns: page.items.map((one) => one.arn), nextToken: page.next };
  },

  DescribeServices: (call) => {
    const cluster = clusterOf(call);
    const names = textList(call, "services", 10);
    if (names.length === 0) throw invalidParameter("Services cannot be empty.");
    const found = names.map((name) => ({ name, service: findService(call.state, cluster, name) }));
    return {
      services: found.flatMap(({ service }) => (service === undefined ? [] : [toService(service)])),
      failures: found
        .filter(({ service }) => service === undefined)
        .map(({ name }) => missing(call.state, `service/${cluster.name}`, name)),
    };
  },
};

const missing = (state: WorldState, kind: string, name: string) => ({
  arn: name.startsWith("arn:") ? name : arnOf(state, "ecs", `${kind}/${name}`),
  reason: "MISSING",
});

const toCluster = (state: WorldState, cluster: Cluster) => {
  const services = state.ecs.services.filter((one) => one.clusterArn === cluster.arn);
  const tasks = state.ecs.tasks.filter(
    (one) => one.clusterArn === cluster.arn && one.lastStatus !== "STOPPED",
  );
  const running = tasks.filter((one) => one.lastStatus === "RUNNING").length;
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: running,
    pendingTasksCount: tasks.length - running,
    activeServicesCount: services.filter((one) => one.status === "ACTIVE").length,
    capacityProviders: ["FARGATE"],
    defaultCapacityProviderStrategy: [],
    settings: [],
    statistics: [],
    tags: [],
  };
};

const toService = (service: Service) => ({
  serviceArn: service.arn,
  serviceName: service.name,
  clusterArn: service.clusterArn,
  status: service.status,
  desiredCount: service.desiredCount,
  runningCount: service.runningCount,
  pendingCount: service.pendingCount,
  launchType: service.launchType,
  platformVersion: service.platformVersion,
  platformFamily: "Linux",
  taskDefinition: service.taskDefinition,
  deploymentConfiguration: { ...service.deploymentConfiguration, strategy: "ROLLING" },
  deploymentController: { type: "ECS" },
  deployments: service.deployments.map((one) => toDeployment(service, one)),
  events: service.events
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .slice(0, 100)
    .map((one) => ({ id: one.id, createdAt: toDate(one.createdAt), message: one.message })),
  loadBalancers: service.loadBalancers,
  serviceRegistries: service.serviceRegistries,
  networkConfiguration: service.networkConfiguration,
  healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
  schedulingStrategy: service.schedulingStrategy,
  enableExecuteCommand: service.enableExecuteCommand,
  createdAt: toDate(service.createdAt),
  createdBy: service.createdBy,
  placementConstraints: [],
  placementStrategy: [],
  enableECSManagedTags: true,
  propagateTags: "NONE",
  availabilityZoneRebalancing: "ENABLED",
});

const toDeployment = (service: Service, deployment: Deployment) => ({
  ...deployment,
  createdAt: toDate(deployment.createdAt),
  updatedAt: toDate(deployment.updatedAt),
  platformFamily: "Linux",
  networkConfiguration: service.networkConfiguration,
});
