import { addDiscoveryInstance, attachInterface, registerTarget } from "./membership.ts";
import { accessLogBucket, initialBalancers } from "./initial/balancers.ts";
import { initialNetwork } from "./initial/network.ts";
import { initialOutside } from "./initial/outside.ts";
import { addProduction, productionPlan } from "./initial/production.ts";
import {
  authPlan,
  discoveryServiceArn,
  initialPrograms,
  initialRepositories,
  initialSecrets,
  initialService,
  initialTaskDefinitions,
  newTask,
  servicePlans,
} from "./initial/services.ts";
import { taskDefinitionOf } from "./state.ts";
import type { WorldState } from "./state.ts";

/**
 * The world at rest: everything runs, nothing has been asked of it yet. `world/history.ts` adds its past.
 * `shape` edits what it is built from before the first task starts.
 */
export const createWorldState = (
  shape: (state: WorldState) => void = () => undefined,
): WorldState => {
  const now = Date.now();
  const state: WorldState = {
    account: "123456789012",
    region: "us-east-1",
    clockShift: 0,
    recorder: null,
    now: () => Date.now() + state.clockShift,
    ecs: {
      clusters: [
        {
          arn: "arn:aws:ecs:us-east-1:123456789012:cluster/hokusai-development",
          name: "hokusai-development",
          status: "ACTIVE",
        },
      ],
      services: servicePlans(now).map(initialService),
      tasks: [],
      taskDefinitions: initialTaskDefinitions(now),
      capacity: "available",
    },
    elb: initialBalancers(now),
    ec2: initialNetwork(),
    logs: {
      groups: ["api", "mlflow", "worker", "auth"].map((name) => ({
        arn: `arn:aws:logs:us-east-1:123456789012:log-group:/ecs/hokusai-${name}-development:*`,
        name: `/ecs/hokusai-${name}-development`,
        creationTime: now - 200 * 86_400_000,
        retentionInDays: 30,
        streams: [],
      })),
    },
    s3: { buckets: [accessLogBucket(now)] },
    cloudwatch: { metrics: [], alarms: [] },
    trail: [],
    ecr: { repositories: initialRepositories(now), stalled: false },
    secrets: initialSecrets(now),
    controlPlane: {
      deniedActions: new Set(),
      throttledActions: new Set(),
      brokenActions: new Set(),
      hangingActions: new Set(),
      delays: new Map(),
    },
    exec: {
      status: "RUNNING",
      connected: true,
      silent: false,
      kmsKeyId: null,
      shell: true,
      python: true,
      chatter: 0,
      wire: { loseEvery: 0, repeatEvery: 0, swapEvery: 0 },
    },
    programs: initialPrograms(),
    ...initialOutside(now, discoveryServiceArn),
    settings: {
      albConnectTimeoutMs: 2_500,
      albIdleTimeoutMs: 60_000,
      healthCheckIntervalMs: 150,
      healthCheckTimeoutMs: 250,
    },
  };
  addProduction(state, now);
  state.ecs.services.push(initialService(authPlan(now)));
  shape(state);
  attachBalancers(state);
  for (const plan of [...servicePlans(now), productionPlan(now), authPlan(now)])
    startOldTasks(state, plan.name, plan.deployedAt);
  return state;
};

const attachBalancers = (state: WorldState): void => {
  for (const balancer of state.elb.loadBalancers) {
    for (const [index, zone] of balancer.availabilityZones.entries()) {
      state.ec2.networkInterfaces.push({
        networkInterfaceId: `eni-0d${balancer.arn.split("/").at(-1) ?? ""}${index}`,
        vpcId: balancer.vpcId,
        subnetId: zone.subnetId,
        availabilityZone: zone.zoneName,
        privateIpAddress: zone.privateAddress,
        groupIds: balancer.securityGroups,
        description: `ELB ${balancer.arn.split(":loadbalancer/").at(-1) ?? ""}`,
        status: "in-use",
        interfaceType: "interface",
      });
    }
  }
};

/** Tasks that have been running since their deployment, with everything that belongs to them. */
const startOldTasks = (state: WorldState, name: string, deployedAt: number): void => {
  const service = state.ecs.services.find((one) => one.name === name);
  const definition = service && taskDefinitionOf(state, service.taskDefinition);
  if (service === undefined || definition === undefined) return;
  const digest = service.serviceRevisions[0]?.containerImages[0]?.imageDigest;
  for (let index = 0; index < service.desiredCount; index += 1) {
    const at = deployedAt + 20_000 + index * 4_000;
    const address = `10.0.${4 + (index % 2)}.${nextHost(state)}`;
    const task = newTask({ service, definition, index, address, at });
    task.lastStatus = "RUNNING";
    task.pullStartedAt = at + 9_000;
    task.pullStoppedAt = at + 31_000;
    task.startedAt = at + 33_000;
    const checked = definition.containerDefinitions.some((one) => one.healthCheck !== undefined);
    task.healthStatus = checked ? "HEALTHY" : "UNKNOWN";
    for (const container of task.containers) {
      container.lastStatus = "RUNNING";
      container.healthStatus = task.healthStatus;
      if (digest !== undefined) container.imageDigest = digest;
    }
    state.ecs.tasks.push(task);
    attachInterface(state, service, task);
    registerTarget(state, service, task, at + 35_000);
    addDiscoveryInstance(state, service, task);
    for (const target of state.elb.targets) {
      if (target.state !== "initial") continue;
      target.state = "healthy";
      delete target.reason;
      delete target.description;
    }
  }
};

const nextHost = (state: WorldState): number => 31 + 16 * state.ecs.tasks.length;
