/**
 * How one offline world differs from another before anything goes wrong. Two families without a world
 * in common: strengths are set while watching worlds of the first, figures are taken in worlds of the
 * second.
 */
import { apiService } from "../src/sandbox/faults/fault.ts";
import { listenerArns, targetGroupArns } from "../src/sandbox/world/initial/balancers.ts";
import { groupIds } from "../src/sandbox/world/initial/network.ts";
import { appendLog, appendTrail, serviceNamed } from "../src/sandbox/world/state.ts";
import type { ApiProgram, WorldState } from "../src/sandbox/world/state.ts";
import type { Chance } from "./chance.ts";

export type Family = "calibration" | "scoring";

/** What a family may be; one value of each is chosen for a world. */
interface Choices {
  readonly tasks: readonly number[];
  /** Seconds after which the API's own call to the auth service gives up; null: never. */
  readonly authTimeoutSeconds: readonly (number | null)[];
  readonly blockingAuth: readonly boolean[];
  readonly coldLoadSeconds: readonly number[];
  readonly minutesAgo: readonly number[];
  readonly authDelayMs: readonly number[];
  readonly requestsAMinute: readonly number[];
  /** Other tenants' rules around ours on the public listener. */
  readonly foreignRules: readonly number[];
  /** How the tasks' group lets the load balancer in. */
  readonly ingress: readonly ("group" | "range")[];
  /** The port of the target group, which ECS overrides target by target. */
  readonly groupPort: readonly number[];
  readonly usage: readonly { cpu: number; memory: number }[];
  /** Old lines about trouble that is over, hours before anything here happens. */
  readonly oldTroubles: readonly number[];
  /** Changes in the audit trail that have nothing to do with anything. */
  readonly otherChanges: readonly number[];
}

const families: Readonly<Record<Family, Choices>> = {
  calibration: {
    tasks: [2, 3, 6],
    authTimeoutSeconds: [2, 3, 20],
    blockingAuth: [false, false, true],
    coldLoadSeconds: [0.15, 0.3, 1.2],
    minutesAgo: [12, 20, 25, 45],
    authDelayMs: [0, 20, 300],
    requestsAMinute: [2, 4, 15],
    foreignRules: [0, 1, 9],
    ingress: ["group"],
    groupPort: [8001, 8080],
    usage: [
      { cpu: 6, memory: 41 },
      { cpu: 12, memory: 48 },
      { cpu: 45, memory: 68 },
    ],
    oldTroubles: [0, 1, 6],
    otherChanges: [0, 1, 6],
  },
  scoring: {
    tasks: [1, 4, 5],
    authTimeoutSeconds: [1, 4, null],
    blockingAuth: [false, false, true],
    coldLoadSeconds: [0.05, 0.5, 0.8],
    minutesAgo: [9, 35, 50],
    authDelayMs: [60, 150],
    requestsAMinute: [1, 6, 10],
    foreignRules: [3, 6],
    ingress: ["range"],
    groupPort: [80, 9000],
    usage: [
      { cpu: 22, memory: 55 },
      { cpu: 38, memory: 63 },
    ],
    oldTroubles: [2, 4],
    otherChanges: [2, 4],
  },
};

export interface Shape {
  readonly shape: (state: WorldState) => void;
  /** When what goes wrong goes wrong. */
  readonly minutesAgo: number;
  /** Written once the world lives: what its past also holds. */
  readonly past: (state: WorldState) => void;
  /** For people: "4 tasks, auth time-out 1 s, ...". */
  readonly said: string;
}

export const chooseShape = (family: Family, chance: Chance, fewestTasks = 1): Shape => {
  const choices = families[family];
  const drawn = chance.pick(choices.tasks);
  const tasks = drawn < fewestTasks ? Math.max(...choices.tasks) : drawn;
  const program: Partial<ApiProgram> = {
    authTimeoutSeconds: chance.pick(choices.authTimeoutSeconds),
    blockingAuth: chance.pick(choices.blockingAuth),
    coldLoadSeconds: chance.pick(choices.coldLoadSeconds),
    usage: chance.pick(choices.usage),
  };
  const minutesAgo = chance.pick(choices.minutesAgo);
  const authDelayMs = chance.pick(choices.authDelayMs);
  const requestsAMinute = chance.pick(choices.requestsAMinute);
  const foreignRules = chance.pick(choices.foreignRules);
  const ingress = chance.pick(choices.ingress);
  const groupPort = chance.pick(choices.groupPort);
  const oldTroubles = chance.pick(choices.oldTroubles);
  const otherChanges = chance.pick(choices.otherChanges);
  return {
    minutesAgo,
    shape: (state) => {
      scale(state, tasks);
      for (const one of state.programs.values())
        if (one.kind === "api") Object.assign(one, program);
      state.auth.delayMs = authDelayMs;
      for (const customer of state.customers) customer.perMinute = requestsAMinute;
      addForeignRules(state, foreignRules);
      if (ingress === "range") letInByRange(state);
      const group = state.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
      if (group !== undefined) group.port = groupPort;
    },
    past: (state) => {
      for (let index = 0; index < oldTroubles; index += 1) {
        writeOldTrouble(state, state.now() - chance.between(5, 60) * 3_600_000, index);
      }
      for (let index = 0; index < otherChanges; index += 1) {
        writeOtherChange(state, state.now() - chance.between(2, 600) * 60_000, index);
      }
    },
    said:
      `${tasks} tasks, auth time-out ${program.authTimeoutSeconds ?? "none"} s` +
      `${program.blockingAuth === true ? " (blocking)" : ""}, ${requestsAMinute} requests a minute, ` +
      `${minutesAgo} min ago`,
  };
};

const scale = (state: WorldState, tasks: number): void => {
  const service = serviceNamed(state, apiService);
  service.desiredCount = tasks;
  service.runningCount = tasks;
  for (const deployment of service.deployments) {
    deployment.desiredCount = tasks;
    deployment.runningCount = tasks;
  }
};

/** Rules of other hosts before and after the one of the API, as a shared listener has them. */
const addForeignRules = (state: WorldState, count: number): void => {
  for (let index = 0; index < count; index += 1) {
    state.elb.rules.push({
      arn: `${listenerArns.mainHttps.replace(":listener/", ":listener-rule/")}/f0re16n00000000${index}`,
      listenerArn: listenerArns.mainHttps,
      priority: index % 2 === 0 ? 2 + index : 30 + index,
      conditions: [{ field: "host-header", values: [`tenant-${index}.hokus.ai`] }],
      actions: [
        {
          type: "fixed-response",
          order: 1,
          statusCode: "503",
          contentType: "text/plain",
          messageBody: "tenant is away",
        },
      ],
    });
  }
};

/** The load balancer's subnets instead of its group: as old templates write it. */
const letInByRange = (state: WorldState): void => {
  const group = state.ec2.securityGroups.find((one) => one.groupId === groupIds.api);
  if (group === undefined) return;
  group.ingress = ["10.0.0.0/24", "10.0.1.0/24"].map((cidrIpv4, index) => ({
    ruleId: `sgr-0range${index}c0ffee0000`,
    protocol: "tcp",
    fromPort: 8001,
    toPort: 8001,
    cidrIpv4,
    description: "from the public subnets",
  }));
};

const oldTroubles = [
  "ERROR [src.middleware.auth] auth service timeout after 2.0s: POST https://auth.hokus.ai/api/v1/keys/validate",
  "WARNING [src.cache] redis.exceptions.TimeoutError: Timeout reading from socket",
  'INFO:     198.51.100.9:0 - "GET /api/v1/models/21/predict HTTP/1.1" 405 Method Not Allowed',
  "ERROR [src.api.endpoints.model_serving] HuggingFace Hub error while loading model 21: 503 Server Error",
];

const writeOldTrouble = (state: WorldState, at: number, index: number): void => {
  const group = state.logs.groups.find((one) => one.name.endsWith("hokusai-api-development"));
  const stream = group?.streams[0];
  if (group === undefined || stream === undefined) return;
  const line = oldTroubles[index % oldTroubles.length] ?? "";
  for (let repeat = 0; repeat < 5; repeat += 1)
    appendLog(state, group.name, stream.name, line, at + repeat * 7_000);
};

const writeOtherChange = (state: WorldState, at: number, index: number): void =>
  appendTrail(state, {
    eventTime: at,
    eventName: index % 2 === 0 ? "UpdateService" : "ModifyTargetGroupAttributes",
    eventSource: index % 2 === 0 ? "ecs.amazonaws.com" : "elasticloadbalancing.amazonaws.com",
    username: "data-team",
    resources: [
      index % 2 === 0
        ? {
            resourceType: "AWS::ECS::Service",
            resourceName: serviceNamed(state, "hokusai-worker-development").arn,
          }
        : {
            resourceType: "AWS::ElasticLoadBalancingV2::TargetGroup",
            resourceName: targetGroupArns.registry,
          },
    ],
    requestParameters: {},
  });
