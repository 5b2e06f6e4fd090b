/**
 * The past, made by playing again what the running world really wrote: lines and samples of real requests,
 * and the cycles of tasks that fail. Nothing here knows what any line means.
 */
import { writeAccess } from "../balancer/access-log.ts";
import { sampleMinute } from "../balancer/metrics.ts";
import { appendLog, appendServiceEvent, appendTrail, hexId, recordMetric, uuid } from "./state.ts";
import type { Recorded, Service, Task, WorldState } from "./state.ts";

const minute = 60_000;
const hour = 3_600_000;

export interface Tape {
  startedAt: number;
  entries: Recorded[];
  /** How many requests it holds. */
  requests: number;
  /** Identifiers that have to differ each time it is played. */
  unique: string[];
}

/**
 * Runs `act`, which gives the identifiers of its requests, and keeps what it made the world write, except
 * in streams that began meanwhile. Requests that went to different streams become tapes of their own.
 */
export const recordTapes = async (
  state: WorldState,
  act: () => Promise<string[]>,
): Promise<Tape[]> => {
  const known = new Set(
    state.logs.groups.flatMap((group) => group.streams.map((stream) => stream.name)),
  );
  const entries: Recorded[] = [];
  const startedAt = state.now();
  state.recorder = (entry) => {
    if (entry.kind !== "log" || known.has(entry.stream)) entries.push(entry);
  };
  let unique: string[];
  try {
    unique = await act();
  } finally {
    state.recorder = null;
  }
  const streams = [
    ...new Set(entries.flatMap((entry) => (entry.kind === "log" ? [entry.stream] : []))),
  ];
  const parts = streams.length === unique.length || streams.length === 0 ? unique.length : 1;
  const seen = new Map<string, number>();
  const partOf = (entry: Recorded): number => {
    if (entry.kind === "log") return streams.indexOf(entry.stream) % parts;
    const key = entry.kind === "access" ? "access" : JSON.stringify(entry.metric);
    const turn = seen.get(key) ?? 0;
    seen.set(key, turn + 1);
    return turn % parts;
  };
  const tapes = Array.from({ length: parts }, (): Tape => {
    return { startedAt, entries: [], requests: unique.length / parts, unique };
  });
  for (const entry of entries) tapes[partOf(entry)]?.entries.push(entry);
  return tapes;
};

const playTape = (state: WorldState, tape: Tape, at: number): void => {
  const fresh = tape.unique.map((id) => [id, uuid()] as const);
  for (const entry of tape.entries) {
    const time = at + entry.at - tape.startedAt;
    if (entry.kind === "metric") recordMetric(state, entry.metric, entry.value, time);
    else if (entry.kind === "access") writeAccess(state, entry.entry, time);
    else {
      const message = fresh.reduce((text, [id, next]) => text.replaceAll(id, next), entry.message);
      appendLog(state, entry.group, entry.stream, message, time);
    }
  }
};

/** Plays the tapes in turn from `from` to `to`, a request every `everyMs` or so. */
export const playTraffic = (
  state: WorldState,
  tapes: Tape[],
  from: number,
  to: number,
  everyMs: number,
): void => {
  for (let at = from, turn = 0; at < to; turn += 1) {
    const tape = tapes[turn % tapes.length];
    if (tape === undefined) return;
    playTape(state, tape, at);
    at += everyMs * tape.requests * (0.7 + 0.6 * Math.random());
  }
};

/** Host counts and use of resources as they are now, for each minute of a stretch. */
export const playSamples = (state: WorldState, from: number, to: number, everyMs: number): void => {
  for (let at = from; at < to; at += everyMs) sampleMinute(state, at);
};

/** Three quiet days: what ECS and the audit trail wrote. Traffic and samples are played separately. */
export const writeQuietDays = (state: WorldState, to: number): void => {
  for (const service of state.ecs.services) {
    const deployed = service.deployments[0]?.createdAt ?? to;
    const tasks = state.ecs.tasks.filter((task) => task.group === `service:${service.name}`);
    const say = (text: string, at: number): void =>
      appendServiceEvent(state, service, `(service ${service.name}) ${text}`, at);
    say(
      `has started ${tasks.length} tasks: ${tasks.map((task) => `(task ${task.id})`).join(" ")}.`,
      deployed + 20_000,
    );
    for (const { targetGroupArn } of service.loadBalancers) {
      say(
        `registered ${tasks.length} targets in (target-group ${targetGroupArn})`,
        deployed + 65_000,
      );
    }
    say(
      `(deployment ${service.deployments[0]?.id ?? ""}) deployment completed.`,
      deployed + 3 * minute,
    );
    for (let at = Math.max(deployed + 3 * minute, to - 72 * hour); at < to; at += 6 * hour) {
      say("has reached a steady state.", at);
    }
  }
  const [api] = state.ecs.services;
  const deployedAt = api?.deployments[0]?.createdAt ?? to;
  const base = { eventSource: "ecs.amazonaws.com", username: "deploy-bot" };
  appendTrail(state, {
    ...base,
    eventName: "RegisterTaskDefinition",
    eventTime: deployedAt - 4 * minute,
    resources: [
      { resourceType: "AWS::ECS::TaskDefinition", resourceName: api?.taskDefinition ?? "" },
    ],
    requestParameters: { family: "hokusai-api-development" },
  });
  appendTrail(state, {
    ...base,
    eventName: "UpdateService",
    eventTime: deployedAt,
    resources: [{ resourceType: "AWS::ECS::Service", resourceName: api?.arn ?? "" }],
    requestParameters: { service: api?.name, taskDefinition: api?.taskDefinition },
  });
  appendTrail(state, {
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    username: "data-team",
    eventTime: to - 29 * hour,
    requestParameters: {},
  });
};

/**
 * A failure that repeats has repeated all along: the newest cycle of failing tasks of each of the services is
 * written again every few minutes, with tasks, streams and events of its own.
 */
export const playFailingCycles = (
  state: WorldState,
  services: Service[],
  from: number,
  to: number,
): void => {
  for (const service of services) {
    const failed = state.ecs.tasks.filter(
      (task) =>
        task.group === `service:${service.name}` &&
        (task.stoppedAt ?? 0) >= from &&
        (task.stopCode !== "ServiceSchedulerInitiated" ||
          task.stoppedReason?.includes("failed") === true),
    );
    const last = Math.max(...failed.map((task) => task.stoppedAt ?? 0));
    const cycle = failed.filter((task) => (task.stoppedAt ?? 0) > last - 600);
    if (cycle.length === 0) continue;
    const begun =
      Math.min(
        ...cycle.map((task) => (task.createdAt >= from ? task.createdAt : (task.stoppedAt ?? 0))),
      ) - 1;
    const events = service.events.filter((event) => event.createdAt >= begun);
    for (let at = last + 2 * minute; at < to - minute; at += 3 * minute) {
      playCycle(state, service, cycle, events, at - last, from);
    }
  }
};

const playCycle = (
  state: WorldState,
  service: Service,
  cycle: Task[],
  events: Service["events"],
  delta: number,
  from: number,
): void => {
  const ids = new Map<string, string>();
  const renew = (text: string): string =>
    text.replaceAll(/\b[0-9a-f]{32}\b/g, (id) => {
      const known = ids.get(id) ?? hexId(32);
      ids.set(id, known);
      return known;
    });
  for (const task of cycle) {
    const copy = JSON.parse(renew(JSON.stringify(task))) as Task;
    const lifetime = 2 * minute;
    for (const key of [
      "createdAt",
      "pullStartedAt",
      "pullStoppedAt",
      "startedAt",
      "stoppingAt",
      "stoppedAt",
    ] as const) {
      const time = copy[key];
      if (time !== undefined)
        copy[key] = (time < from ? (task.stoppedAt ?? time) - lifetime : time) + delta;
    }
    state.ecs.tasks.push(copy);
    const deployment = service.deployments.find((one) => one.id === task.startedBy);
    if (deployment !== undefined && deployment.rolloutState !== "COMPLETED")
      deployment.failedTasks += 1;
    for (const group of state.logs.groups) {
      for (const stream of group.streams.filter((one) => one.name.endsWith(task.id))) {
        const start = stream.events[0]?.timestamp ?? 0;
        for (const event of stream.events) {
          const isStart = event.timestamp - start < 5_000;
          const time =
            event.timestamp >= from
              ? event.timestamp + delta
              : (copy.startedAt ?? 0) + event.timestamp - start;
          if (isStart || event.timestamp >= from)
            appendLog(state, group.name, renew(stream.name), event.message, time);
        }
      }
    }
  }
  for (const event of events)
    appendServiceEvent(state, service, renew(event.message), event.createdAt + delta);
};
