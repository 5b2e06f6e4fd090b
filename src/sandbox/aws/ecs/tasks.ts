import type { Task, WorldState } from "../../world/state.ts";
import { arnOf } from "../../world/state.ts";
import { optionalText, textList, toDate } from "../call.ts";
import type { Operations } from "../call.ts";
import { AwsError } from "../error.ts";
import { clusterOf, findService, invalidParameter, pageOf, shortName } from "./lookup.ts";

/** ECS forgets a stopped task after about an hour. */
const stoppedTaskMemoryMs = 60 * 60 * 1000;

export const taskOperations: Operations = {
  ListTasks: (call) => {
    const cluster = clusterOf(call);
    const serviceName = optionalText(call, "serviceName");
    const service =
      serviceName === undefined ? undefined : findService(call.state, cluster, serviceName);
    if (serviceName !== undefined && service === undefined) {
      throw new AwsError("ServiceNotFoundException", "Service not found.");
    }
    const desired = optionalText(call, "desiredStatus") ?? "RUNNING";
    if (!["RUNNING", "PENDING", "STOPPED"].includes(desired)) {
      throw invalidParameter(`desiredStatus ${desired} is not one of RUNNING, PENDING, STOPPED`);
    }
    const family = optionalText(call, "family");
    const startedBy = optionalText(call, "startedBy");
    const tasks = knownTasks(call.state).filter(
      (task) =>
        task.clusterArn === cluster.arn &&
        task.desiredStatus === desired &&
        (service === undefined || task.group === `service:${service.name}`) &&
        (startedBy === undefined || task.startedBy === startedBy) &&
        (family === undefined || shortName(task.taskDefinitionArn).split(":")[0] === family),
    );
    const page = pageOf(call, tasks, { fallback: 100, max: 100 });
    return { taskArns: page.items.map((one) => one.arn), nextToken: page.next };
  },

  DescribeTasks: (call) => {
    const cluster = clusterOf(call);
    const wanted = textList(call, "tasks", 100);
    if (wanted.length === 0) throw invalidParameter("Tasks cannot be empty.");
    const known = knownTasks(call.state).filter((one) => one.clusterArn === cluster.arn);
    const found = wanted.map((name) => ({
      name,
      task: known.find((one) => one.arn === name || one.id === name),
    }));
    return {
      tasks: found.flatMap(({ task }) => (task === undefined ? [] : [toTask(call.state, task)])),
      failures: found
        .filter(({ task }) => task === undefined)
        .map(({ name }) => ({
          arn: name.startsWith("arn:")
            ? name
            : arnOf(call.state, "ecs", `task/${cluster.name}/${name}`),
          reason: "MISSING",
        })),
    };
  },
};

const knownTasks = (state: WorldState): Task[] =>
  state.ecs.tasks.filter(
    (one) => one.stoppedAt === undefined || state.now() - one.stoppedAt < stoppedTaskMemoryMs,
  );

/** Containers of a task that was started with ECS Exec hold an agent, which DescribeTasks tells of. */
const managedAgents = (state: WorldState, task: Task) => ({
  managedAgents: [
    {
      name: "ExecuteCommandAgent",
      lastStatus: task.lastStatus === "RUNNING" ? state.exec.status : "PENDING",
      lastStartedAt: toDate(task.startedAt),
    },
  ],
});

const toTask = (state: WorldState, task: Task) => ({
  taskArn: task.arn,
  clusterArn: task.clusterArn,
  taskDefinitionArn: task.taskDefinitionArn,
  group: task.group,
  startedBy: task.startedBy,
  lastStatus: task.lastStatus,
  desiredStatus: task.desiredStatus,
  healthStatus: task.healthStatus,
  launchType: task.launchType,
  platformVersion: task.platformVersion,
  platformFamily: "Linux",
  cpu: task.cpu,
  memory: task.memory,
  availabilityZone: task.availabilityZone,
  connectivity: task.connectivity,
  connectivityAt: toDate(task.startedAt ?? task.createdAt),
  containers: task.containers.map((container) => ({
    ...container,
    ...(task.enableExecuteCommand ? managedAgents(state, task) : {}),
    containerArn: task.arn.replace(":task/", ":container/") + `/${container.runtimeId}`,
    taskArn: task.arn,
    networkBindings: [],
  })),
  attachments: task.attachments,
  attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
  overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
  ephemeralStorage: { sizeInGiB: 20 },
  enableExecuteCommand: task.enableExecuteCommand,
  tags: [],
  version: 4,
  createdAt: toDate(task.createdAt),
  pullStartedAt: toDate(task.pullStartedAt),
  pullStoppedAt: toDate(task.pullStoppedAt),
  startedAt: toDate(task.startedAt),
  stoppingAt: toDate(task.stoppingAt),
  stoppedAt: toDate(task.stoppedAt),
  stopCode: task.stopCode,
  stoppedReason: task.stoppedReason,
});
