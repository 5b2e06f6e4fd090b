/**
 * ECS at work: keeps each service at its desired count and revision, starts and stops processes,
 * registers them, replaces the unhealthy, and writes down what it did. Time is compressed: what takes a
 * minute at AWS takes a tenth of a second here.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Running } from "../api/program.ts";
import type { Inside } from "./inside.ts";
import type { Wires } from "../net/wires.ts";
import { checkTargets } from "../balancer/health.ts";
import { sampleMinute } from "../balancer/metrics.ts";
import { deployRevision } from "../world/deploy.ts";
import { newTask } from "../world/initial/services.ts";
import {
  addDiscoveryInstance,
  attachInterface,
  deregisterTarget,
  detachInterface,
  fullSubnetOf,
  neverAttached,
  registerTarget,
  removeDiscoveryInstance,
} from "../world/membership.ts";
import { addressOf, taskDefinitionOf } from "../world/state.ts";
import type {
  ApiProgram,
  Deployment,
  Program,
  Service,
  StopCode,
  Target,
  Task,
  TaskDefinition,
  WorldState,
} from "../world/state.ts";
import { createEvents } from "./events.ts";
import { prepareContainer, startContainer, StartFailure } from "./start-container.ts";

export interface Runtime {
  /** Starts processes for the tasks that the state says are running. */
  adopt(): Promise<void>;
  /** Lets time pass on its own until close(). */
  run(): void;
  /** Whether nothing more is about to change by itself, or the same failure only repeats. */
  isSettled(): boolean;
  /** Whether the service last reached a steady state, rather than failing over and over. */
  isSteady(service: Service): boolean;
  /** A task as its container sees the world; undefined where no container runs. */
  inside: (taskId: string) => Inside | undefined;
  close(): Promise<void>;
}

interface Memory {
  failures: number;
  replaced: number;
  /** Real milliseconds before which nothing is started, or replaced. */
  notBefore: number;
  patientUntil: number;
  /** The deployment that the counts above belong to. */
  deployment: string;
  steadySaid: boolean;
  complained: boolean;
}

const programOf = (program: Program): Partial<ApiProgram> =>
  program.kind === "api" ? program : {};

const isWanted = (task: Task): boolean => task.desiredStatus === "RUNNING";

const noTrouble = { failures: 0, replaced: 0, notBefore: 0, patientUntil: 0, complained: false };
/** Attempts at once before a service that fails is given time. */
const eagerAttempts = 4;
const patienceMs = 45_000;
const tickMs = 40;
/** How long ECS remembers stopped tasks. */
const keepStoppedMs = 3_600_000;

export const createRuntime = (state: WorldState, wires: Wires, ca: string): Runtime => {
  const processes = new Map<string, Running>();
  const environments = new WeakMap<Task, ReadonlyMap<string, string>>();
  const memories = new Map<string, Memory>();
  const misses = new WeakMap<Target, number>();
  const events = createEvents(state);
  const work = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let checking = false;
  let lastCheck = 0;
  let lastSample = performance.now();
  /** Rounds of health checks since the last change of tasks or of the state by hand. */
  let rounds = 0;

  const isOpen = (): boolean => !closed;

  const background = (promise: Promise<void>): void => {
    const tracked = promise.finally(() => work.delete(tracked));
    work.add(tracked);
  };

  const tasksOf = (service: Service): Task[] =>
    state.ecs.tasks.filter(
      (task) => task.group === `service:${service.name}` && task.lastStatus !== "STOPPED",
    );
  const primaryOf = (service: Service): Deployment | undefined =>
    service.deployments.find((one) => one.status === "PRIMARY");

  const memoryOf = (service: Service): Memory => {
    const known = memories.get(service.name);
    if (known !== undefined) return known;
    const deployment = primaryOf(service)?.id ?? "";
    const fresh = { ...noTrouble, deployment, steadySaid: true };
    memories.set(service.name, fresh);
    return fresh;
  };

  const freeAddress = (zone: number): string => {
    const used = new Set(state.ec2.networkInterfaces.map((one) => one.privateIpAddress));
    for (let host = 70; ; host += 1) {
      const address = `10.0.${4 + zone}.${host}`;
      if (host > 250 || !used.has(address)) return address;
    }
  };

  const launch = (service: Service, definition: TaskDefinition, index: number): Task => {
    const task = newTask({
      service,
      definition,
      index,
      address: freeAddress(index % 2),
      at: state.now(),
    });
    state.ecs.tasks.push(task);
    const full = fullSubnetOf(state, task);
    if (full === null) attachInterface(state, service, task);
    else neverAttached(task);
    background(begin(service, definition, task, full));
    return task;
  };

  const begin = async (
    service: Service,
    definition: TaskDefinition,
    task: Task,
    fullSubnet: string | null = null,
  ): Promise<void> => {
    const address = addressOf(task) ?? "";
    const [container] = definition.containerDefinitions;
    const [own] = task.containers;
    if (container === undefined || own === undefined) return;
    task.lastStatus = "PENDING";
    task.pullStartedAt = state.now();
    let prepared;
    try {
      const obstacle =
        fullSubnet !== null
          ? `Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet '${fullSubnet}': InsufficientFreeAddressesInSubnet`
          : state.ecs.capacity === "none"
            ? "Capacity is unavailable at this time. Please try again later or in a different availability zone"
            : null;
      if (obstacle !== null) {
        events.unableToPlace(service, obstacle);
        throw new StartFailure(obstacle);
      }
      while (state.ecr.stalled && isOpen() && isWanted(task)) await sleep(20);
      if (closed || !isWanted(task)) return;
      prepared = prepareContainer(state, container, address);
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      // Without an interface there was no container that could give a reason.
      if (fullSubnet === null) own.reason = error.message;
      finish(service, task, "TaskFailedToStart", error.message);
      return;
    }
    task.pullStoppedAt = state.now();
    own.imageDigest = prepared.digest;
    task.lastStatus = "RUNNING";
    task.startedAt = state.now();
    own.lastStatus = "RUNNING";
    environments.set(task, prepared.environment);
    const running = await startContainer({ state, wires, ca, task, container, address, prepared });
    processes.set(task.id, running);
    const port = /localhost:(\d+)/.exec(container.healthCheck?.command.join(" ") ?? "")?.[1];
    const ended = await Promise.race([running.exited, Promise.resolve(null)]);
    if (ended !== null) {
      own.exitCode = ended;
      finish(service, task, "EssentialContainerExited", "Essential container in task exited");
      return;
    }
    if (port !== undefined) {
      const program = prepared.program;
      own.healthStatus =
        program.kind === "api" && `${program.port}` === port && program.stuck === undefined
          ? "HEALTHY"
          : "UNHEALTHY";
      task.healthStatus = own.healthStatus;
    }
    for (const { port: open, listener } of running.ports) wires.add(address, open, listener);
    if (task.desiredStatus === "STOPPED" || closed) return;
    const limit = container.memory ?? Number(definition.memory);
    if ((programOf(prepared.program).memoryMib ?? 0) > limit) {
      background(outOfMemory(service, task, `${limit}`));
      return;
    }
    // Targets are registered once the process listens, so that a crash at start leaves none behind.
    if (!state.elb.targets.some((one) => one.id === address)) {
      registerTarget(state, service, task, state.now());
      events.registered(service, 1);
    }
    if (!state.cloudMap.services.some((one) => one.instances.some(({ id }) => id === task.id))) {
      addDiscoveryInstance(state, service, task);
    }
    rounds = 0;
  };

  /** The kernel kills what outgrows its container; ECS sees exit code 137 and says why. */
  const outOfMemory = async (service: Service, task: Task, limit: string): Promise<void> => {
    await sleep(60);
    if (closed || task.desiredStatus === "STOPPED") return;
    const [own] = task.containers;
    if (own !== undefined) {
      own.exitCode = 137;
      own.reason = `OutOfMemoryError: Container killed due to memory usage (limit ${limit} MiB)`;
    }
    await end(task);
    finish(service, task, "EssentialContainerExited", "Essential container in task exited");
  };

  /** Takes the process and its ports away. */
  const end = async (task: Task): Promise<void> => {
    const running = processes.get(task.id);
    processes.delete(task.id);
    for (const { port } of running?.ports ?? []) wires.remove(addressOf(task) ?? "", port);
    await running?.stop();
  };

  /** What happens to tasks whose host AWS takes away. */
  const loseHosts = async (service: Service): Promise<void> => {
    for (const task of tasksOf(service)) {
      if (task.host === undefined || task.lastStatus !== "RUNNING") continue;
      await end(task);
      for (const container of task.containers) container.exitCode = 143;
      if (task.host === "reclaimed")
        finish(service, task, "SpotInterruption", "Your Spot Task was interrupted.");
      else
        finish(
          service,
          task,
          "InfrastructureHealth",
          "ECS is performing maintenance on the underlying infrastructure hosting the task.",
        );
    }
  };

  /** Everything that goes away with a task; `stoppedReason` is ECS's sentence. */
  const finish = (
    service: Service,
    task: Task,
    stopCode: StopCode,
    stoppedReason: string,
  ): void => {
    deregisterTarget(state, task);
    removeDiscoveryInstance(state, task);
    detachInterface(state, task);
    const now = state.now();
    task.stoppingAt = now;
    task.stoppedAt = now;
    task.desiredStatus = "STOPPED";
    task.lastStatus = "STOPPED";
    task.healthStatus = "UNKNOWN";
    task.connectivity = "DISCONNECTED";
    task.stopCode = stopCode;
    task.stoppedReason = stoppedReason;
    for (const container of task.containers) container.lastStatus = "STOPPED";
    rounds = 0;
    const planned = stopCode === "ServiceSchedulerInitiated" && !stoppedReason.includes("failed");
    const deployment = service.deployments.find((one) => one.id === task.startedBy);
    if (planned) return;
    const memory = memoryOf(service);
    memory.steadySaid = false;
    if (stopCode !== "ServiceSchedulerInitiated") {
      memory.failures += 1;
      if (memory.failures >= eagerAttempts) memory.notBefore = performance.now() + patienceMs;
    }
    if (deployment !== undefined && deployment.rolloutState !== "COMPLETED")
      deployment.failedTasks += 1;
  };

  const stop = async (service: Service, tasks: Task[], reason: string): Promise<void> => {
    if (tasks.length === 0) return;
    const registered = tasks.filter((task) =>
      state.elb.targets.some((one) => one.id === addressOf(task)),
    );
    events.stopped(service, tasks);
    if (registered.length > 0) {
      events.deregistered(service, registered.length);
      events.draining(service, registered);
    }
    for (const task of tasks) {
      const running = processes.get(task.id);
      processes.delete(task.id);
      for (const { port } of running?.ports ?? []) wires.remove(addressOf(task) ?? "", port);
      for (const container of task.containers) {
        const program = state.programs.get(container.imageDigest ?? "");
        // A kill after the time-out, without the kernel having a say in it.
        const deaf = program !== undefined && programOf(program).ignoresSigterm === true;
        container.exitCode = deaf ? 137 : 0;
      }
      finish(service, task, "ServiceSchedulerInitiated", reason);
      if (running !== undefined) background(running.stop());
    }
  };

  const reconcile = async (service: Service): Promise<void> => {
    const primary = primaryOf(service);
    const definition = taskDefinitionOf(state, service.taskDefinition);
    if (primary === undefined || definition === undefined) return;
    if (service.status !== "ACTIVE") {
      const left = `Scaling activity initiated by (deployment ${primary.id})`;
      await stop(service, tasksOf(service), left);
      service.runningCount = 0;
      service.pendingCount = 0;
      return;
    }
    await loseHosts(service);
    const memory = memoryOf(service);
    if (primary.desiredCount !== service.desiredCount) {
      primary.desiredCount = service.desiredCount;
      memory.steadySaid = false;
    }
    if (memory.deployment !== primary.id) {
      Object.assign(memory, noTrouble, { deployment: primary.id, steadySaid: false });
    }
    const scaling = `Scaling activity initiated by (deployment ${primary.id})`;
    const alive = tasksOf(service);
    const old = alive.filter((task) => task.startedBy !== primary.id);
    if (old.length > 0) {
      const keep = Math.ceil(
        (service.desiredCount * service.deploymentConfiguration.minimumHealthyPercent) / 100,
      );
      const fresh = alive.filter(
        (task) => task.startedBy === primary.id && task.lastStatus === "RUNNING",
      ).length;
      await stop(
        service,
        old.slice(0, Math.max(0, old.length - Math.max(0, keep - fresh))),
        scaling,
      );
    }
    const current = tasksOf(service).filter((task) => task.startedBy === primary.id);
    if (current.length > service.desiredCount) {
      await stop(service, current.slice(service.desiredCount), scaling);
    }
    const room = Math.floor(
      (service.desiredCount * service.deploymentConfiguration.maximumPercent) / 100,
    );
    const lacking = Math.min(service.desiredCount - current.length, room - tasksOf(service).length);
    if (lacking > 0 && performance.now() >= memory.notBefore) {
      const zones = current.map((task) => task.availabilityZone);
      const first = zones.includes("us-east-1a") ? 1 : 0;
      const launched = Array.from({ length: lacking }, (_, index) =>
        launch(service, definition, first + index),
      );
      events.started(service, launched);
      memory.steadySaid = false;
    }
    await replaceUnhealthy(service, memory);
    count(service, primary, memory);
  };

  const replaceUnhealthy = async (service: Service, memory: Memory): Promise<void> => {
    if (performance.now() < memory.patientUntil) return;
    const graceMs = state.settings.healthCheckIntervalMs * 2;
    for (const task of tasksOf(service)) {
      const target = state.elb.targets.find((one) => one.id === addressOf(task));
      const old = state.now() - (target?.registeredAt ?? task.startedAt ?? state.now()) > graceMs;
      if (!old || task.lastStatus !== "RUNNING") continue;
      if (target?.state === "unhealthy") {
        const { targetGroupArn, port, description = "Health checks failed" } = target;
        events.unhealthyTarget(service, task, port, targetGroupArn, description);
        await stop(
          service,
          [task],
          `Task failed ELB health checks in (target-group ${targetGroupArn})`,
        );
      } else if (task.healthStatus === "UNHEALTHY") {
        events.unhealthyContainer(service, task);
        await stop(service, [task], "Task failed container health checks");
      } else continue;
      memory.replaced += 1;
      if (memory.replaced >= service.desiredCount)
        memory.patientUntil = performance.now() + patienceMs;
    }
  };

  const isHealthy = (service: Service, task: Task): boolean =>
    task.lastStatus === "RUNNING" &&
    processes.has(task.id) &&
    task.healthStatus !== "UNHEALTHY" &&
    (service.loadBalancers.length === 0 ||
      state.elb.targets.some((one) => one.id === addressOf(task) && one.state === "healthy"));

  const count = (service: Service, primary: Deployment, memory: Memory): void => {
    const alive = tasksOf(service);
    service.runningCount = alive.filter((task) => task.lastStatus === "RUNNING").length;
    service.pendingCount = alive.length - service.runningCount;
    for (const deployment of service.deployments) {
      const own = alive.filter((task) => task.startedBy === deployment.id);
      deployment.runningCount = own.filter((task) => task.lastStatus === "RUNNING").length;
      deployment.pendingCount = own.length - deployment.runningCount;
    }
    const record = service.serviceDeployments[0];
    if (record !== undefined && record.status === "IN_PROGRESS") record.updatedAt = state.now();
    const healthy = alive.filter((task) => isHealthy(service, task));
    if (healthy.length === service.desiredCount && alive.length === healthy.length) {
      if (primary.rolloutState === "IN_PROGRESS") {
        primary.rolloutState = "COMPLETED";
        primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
        primary.updatedAt = state.now();
        service.deployments = [primary];
        events.completed(service, primary.id);
        if (record?.status === "IN_PROGRESS") {
          record.status = "SUCCESSFUL";
          record.finishedAt = state.now();
        }
      }
      if (!memory.steadySaid) events.steady(service);
      Object.assign(memory, noTrouble, { steadySaid: true });
      return;
    }
    if (memory.failures >= eagerAttempts && !memory.complained) {
      memory.complained = true;
      events.unableToStart(service);
    }
    breakCircuit(service, primary);
  };

  /** The deployment circuit breaker, where the service has it switched on. */
  const breakCircuit = (service: Service, primary: Deployment): void => {
    const { enable, rollback } = service.deploymentConfiguration.deploymentCircuitBreaker;
    const record = service.serviceDeployments[0];
    if (!enable || record === undefined || record.status !== "IN_PROGRESS") return;
    record.circuitBreaker.failureCount = primary.failedTasks;
    if (primary.failedTasks < record.circuitBreaker.threshold) return;
    record.circuitBreaker.status = "TRIGGERED";
    primary.rolloutState = "FAILED";
    primary.rolloutStateReason = `ECS deployment circuit breaker: tasks failed to start.`;
    primary.updatedAt = state.now();
    events.failed(service, primary.id);
    record.finishedAt = state.now();
    record.statusReason =
      "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    const previous = service.serviceRevisions[1];
    const definition = previous && taskDefinitionOf(state, previous.taskDefinition);
    if (!rollback || previous === undefined || definition === undefined) {
      record.status = "STOPPED";
      return;
    }
    record.status = "ROLLBACK_SUCCESSFUL";
    record.rollback = {
      reason: "Circuit breaker threshold exceeded.",
      startedAt: state.now(),
      serviceRevisionArn: previous.arn,
    };
    const trail = state.trail.length;
    deployRevision(state, service, definition);
    // The rollback is ECS's own doing: it is part of the failed deployment, and nobody called UpdateService.
    state.trail.length = trail;
    service.serviceDeployments.shift();
    service.serviceRevisions.shift();
    const next = primaryOf(service);
    if (next !== undefined) events.rollingBack(service, next.id);
  };

  const tick = async (): Promise<void> => {
    for (const service of state.ecs.services) await reconcile(service);
    const now = performance.now();
    if (!checking && now - lastCheck >= state.settings.healthCheckIntervalMs) {
      checking = true;
      lastCheck = now;
      background(
        checkTargets(state, wires, misses).finally(() => {
          checking = false;
          rounds += 1;
        }),
      );
    }
    if (now - lastSample >= 60_000) {
      lastSample = now;
      sampleMinute(state, state.now());
    }
    const oldest = state.now() - keepStoppedMs;
    state.ecs.tasks = state.ecs.tasks.filter((task) => (task.stoppedAt ?? Infinity) > oldest);
  };

  const loop = (): void => {
    timer = setTimeout(() => {
      background(tick().finally(() => void (closed || loop())));
    }, tickMs);
  };

  return {
    adopt: async () => {
      await Promise.all(
        state.ecs.services.flatMap((service) => {
          const definition = taskDefinitionOf(state, service.taskDefinition);
          if (definition === undefined) return [];
          return tasksOf(service).map(async (task) => {
            const { startedAt, pullStartedAt, pullStoppedAt } = task;
            await begin(service, definition, task);
            Object.assign(task, { startedAt, pullStartedAt, pullStoppedAt });
          });
        }),
      );
    },
    run: loop,
    isSteady: (service) => memoryOf(service).steadySaid,
    inside: (taskId) => {
      const task = state.ecs.tasks.find((one) => one.id === taskId);
      const environment = task && environments.get(task);
      if (task?.lastStatus !== "RUNNING" || environment === undefined) return undefined;
      const { ports = [], loopback = [] } = processes.get(taskId) ?? {};
      return {
        state,
        address: addressOf(task) ?? "",
        environment,
        listening: [
          ...ports.map(({ port, listener }) => ({ bind: "any" as const, port, listener })),
          ...loopback.map(({ port, listener }) => ({ bind: "loopback" as const, port, listener })),
        ],
        wires,
        ca,
      };
    },
    isSettled: () =>
      rounds >= 3 &&
      state.ecs.services.every((service) => {
        if (service.status !== "ACTIVE") return tasksOf(service).length === 0;
        const memory = memoryOf(service);
        if (
          memory.steadySaid &&
          service.deployments.every((one) => one.rolloutState !== "IN_PROGRESS")
        ) {
          const unwell = tasksOf(service).some((task) => !isHealthy(service, task));
          return !unwell && tasksOf(service).length === service.desiredCount;
        }
        if (memory.failures >= eagerAttempts) return true;
        const alive = tasksOf(service);
        const judged = state.elb.targets.every((one) => one.state !== "initial");
        const up =
          alive.length === service.desiredCount && alive.every((task) => processes.has(task.id));
        return memory.replaced >= service.desiredCount && up && judged;
      }),
    close: async () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      while (work.size > 0) await Promise.allSettled(work);
      await Promise.all([...processes.values()].map((running) => running.stop()));
      processes.clear();
      while (work.size > 0) await Promise.allSettled(work);
    },
  };
};
