/**
 * The whole state of the offline world: what AWS would hold, what runs beside it, who calls it.
 * Servers read it on every request, the runtime and faults change it; nothing caches it.
 */
import { createHash } from "node:crypto";
import type { AccessEntry } from "../balancer/access-log.ts";
import type { Cluster, ExecAgents, Service, Task, TaskDefinition } from "./ecs.ts";
import type {
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
  VpcEndpoint,
} from "./ec2.ts";
import type { Listener, LoadBalancer, Rule, Target, TargetGroup } from "./elb.ts";
import type {
  Auth,
  Certificate,
  Customer,
  Database,
  Dns,
  Firewall,
  Hub,
  Program,
  Redis,
  Registry,
  Website,
} from "./outside.ts";
import type {
  Alarm,
  DiscoveryService,
  LogGroup,
  MetricSeries,
  Namespace,
  Repository,
  Secret,
  TrailEvent,
} from "./records.ts";
import type { Bucket } from "./s3.ts";

export type * from "./ecs.ts";
export type * from "./elb.ts";
export type * from "./ec2.ts";
export type * from "./records.ts";
export type * from "./outside.ts";

/** How the AWS control plane treats a caller; keys are IAM actions such as "ecs:DescribeServices". */
export interface ControlPlane {
  /** Answered with AccessDenied of the protocol in question. */
  deniedActions: Set<string>;
  /** Answered with ThrottlingException. */
  throttledActions: Set<string>;
  /** Throttled this many more times, then answered; the AWS server counts down. */
  throttledTimes?: Map<string, number>;
  /** Answered with status 200 and an HTML page, as a proxy in between would. */
  brokenActions: Set<string>;
  /** "well-formed" HTML parses as XML: the SDK's EC2 and ELB clients then answer with nothing. */
  brokenPage?: "unclosed-tags" | "well-formed";
  /** Answered with status 502 and an HTML page, by a proxy that does not reach AWS. */
  gatewayErrorActions?: Set<string>;
  /** Accepted and never answered. */
  hangingActions: Set<string>;
  /** Milliseconds before each answer; "*" for all. */
  delays: Map<string, number>;
}

/** A log line, a sample or an entry of an access log, as something made to be played again at another time. */
export type Recorded =
  | { kind: "log"; group: string; stream: string; message: string; at: number }
  | { kind: "metric"; metric: Metric; value: number; at: number }
  | { kind: "access"; entry: AccessEntry; at: number };

export type Metric = Pick<MetricSeries, "namespace" | "metricName" | "dimensions" | "unit">;

export interface WorldState {
  account: string;
  region: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds added to the real time by now(): negative while what came before is played. */
  clockShift: number;
  /** Told of every log line, metric sample and access entry as it is written; null when nobody listens. */
  recorder: ((entry: Recorded) => void) | null;
  ecs: {
    clusters: Cluster[];
    services: Service[];
    tasks: Task[];
    taskDefinitions: TaskDefinition[];
    /** "none": no new task finds a place. */
    capacity: "available" | "none";
  };
  elb: {
    loadBalancers: LoadBalancer[];
    listeners: Listener[];
    rules: Rule[];
    targetGroups: TargetGroup[];
    targets: Target[];
  };
  ec2: {
    vpcs: Vpc[];
    subnets: Subnet[];
    securityGroups: SecurityGroup[];
    networkAcls: NetworkAcl[];
    routeTables: RouteTable[];
    natGateways: NatGateway[];
    internetGateways: InternetGateway[];
    vpcEndpoints: VpcEndpoint[];
    networkInterfaces: NetworkInterface[];
    prefixLists: PrefixList[];
  };
  logs: { groups: LogGroup[] };
  /** Names of buckets are the whole world's: every account and region sees the same ones. */
  s3: { buckets: Bucket[] };
  cloudwatch: { metrics: MetricSeries[]; alarms: Alarm[] };
  /** Oldest first. */
  trail: TrailEvent[];
  cloudMap: { namespaces: Namespace[]; services: DiscoveryService[] };
  /** `stalled`: pulls begin and do not end. */
  ecr: { repositories: Repository[]; stalled: boolean };
  secrets: Secret[];
  controlPlane: ControlPlane;
  exec: ExecAgents;
  /** What an image holds, by digest. Not visible through any AWS call. */
  programs: Map<string, Program>;
  auth: Auth;
  redis: Redis;
  hub: Hub;
  database: Database;
  registry: Registry;
  website: Website;
  dns: Dns;
  firewall: Firewall;
  certificates: Certificate[];
  customers: Customer[];
  settings: {
    /** A real ALB waits 10 s for a connection to a target; the sandbox waits less, so that runs stay short. */
    albConnectTimeoutMs: number;
    /** A real ALB waits 60 s for an answer. */
    albIdleTimeoutMs: number;
    /** Real interval between health checks here, whatever the target group says. */
    healthCheckIntervalMs: number;
    healthCheckTimeoutMs: number;
  };
}

let sequence = 0;
/** Lower-case hexadecimal of the given length, different each time within a process. */
export const hexId = (length: number): string => {
  sequence += 1;
  let text = "";
  while (text.length < length) {
    text += createHash("sha256")
      .update(`${process.pid}:${sequence}:${text.length}:${performance.now()}`)
      .digest("hex");
  }
  return text.slice(0, length);
};

export const arnOf = (state: WorldState, product: string, resource: string): string =>
  `arn:aws:${product}:${state.region}:${state.account}:${resource}`;

export const serviceNamed = (state: WorldState, name: string): Service => {
  const service = state.ecs.services.find((one) => one.name === name);
  if (service === undefined) throw new Error(`the world has no service ${name}`);
  return service;
};

export const taskDefinitionOf = (
  state: WorldState,
  arnOrName: string,
): TaskDefinition | undefined =>
  state.ecs.taskDefinitions.find(
    (one) => one.arn === arnOrName || `${one.family}:${one.revision}` === arnOrName,
  );

/** The private address of a task; undefined before its interface is attached. */
export const addressOf = (task: Task): string | undefined =>
  task.attachments[0]?.details.find((detail) => detail.name === "privateIPv4Address")?.value;

/** Adds a line to a stream, in time order; creates the stream. Nothing happens without the group, as in AWS. */
export const appendLog = (
  state: WorldState,
  group: string,
  stream: string,
  message: string,
  timestamp: number = state.now(),
): void => {
  const found = state.logs.groups.find((one) => one.name === group);
  if (found === undefined) return;
  state.recorder?.({ kind: "log", group, stream, message, at: timestamp });
  let target = found.streams.find((one) => one.name === stream);
  if (target === undefined) {
    target = { name: stream, creationTime: timestamp, events: [] };
    found.streams.push(target);
  }
  const event = { timestamp, ingestionTime: timestamp + 120, message, eventId: eventId(timestamp) };
  const last = target.events.at(-1);
  if (last === undefined || last.timestamp <= timestamp) {
    target.events.push(event);
    return;
  }
  const at = target.events.findLastIndex((one) => one.timestamp <= timestamp) + 1;
  target.events.splice(at, 0, event);
  target.creationTime = Math.min(target.creationTime, timestamp);
};

/** 56 digits whose order is that of time, like those of CloudWatch Logs. */
const eventId = (timestamp: number): string => {
  sequence += 1;
  return `${timestamp}`.padStart(17, "3").padEnd(30, "0") + `${sequence}`.padStart(26, "0");
};

/** Adds a service event; the API lists the newest 100, newest first. */
export const appendServiceEvent = (
  state: WorldState,
  service: Service,
  message: string,
  createdAt: number = state.now(),
): void => {
  service.events.push({ id: uuid(), createdAt, message });
  service.events.sort((a, b) => b.createdAt - a.createdAt);
  service.events.length = Math.min(service.events.length, 100);
};

export const uuid = (): string =>
  hexId(32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");

/** Adds an entry of the audit trail, in time order. */
export const appendTrail = (
  state: WorldState,
  event: Pick<TrailEvent, "eventName" | "eventSource" | "username" | "requestParameters"> &
    Partial<TrailEvent>,
): void => {
  state.trail.push({
    eventId: uuid(),
    eventTime: state.now(),
    readOnly: false,
    sourceIPAddress: "198.51.100.23",
    resources: [],
    ...event,
  });
  state.trail.sort((a, b) => a.eventTime - b.eventTime);
};

/** Adds one sample to a metric, in the minute it belongs to. */
export const recordMetric = (
  state: WorldState,
  metric: Metric,
  value: number,
  timestamp: number = state.now(),
): void => {
  state.recorder?.({ kind: "metric", metric, value, at: timestamp });
  const key = `${metric.namespace} ${metric.metricName} ${dimensionKey(metric.dimensions)}`;
  const index = indexes.get(state) ?? new Map<string, MetricSeries>();
  indexes.set(state, index);
  let series = index.get(key);
  if (series === undefined) {
    series = { ...metric, points: [] };
    index.set(key, series);
    state.cloudwatch.metrics.push(series);
  }
  const minute = Math.floor(timestamp / 60_000) * 60_000;
  const at = series.points.findLastIndex((point) => point.timestamp <= minute);
  const point = at < 0 ? undefined : series.points[at];
  if (point?.timestamp === minute) point.samples.push(value);
  else series.points.splice(at + 1, 0, { timestamp: minute, samples: [value] });
};

const indexes = new WeakMap<WorldState, Map<string, MetricSeries>>();
const dimensionKey = (dimensions: Record<string, string>): string =>
  Object.keys(dimensions)
    .toSorted()
    .map((name) => `${name}=${dimensions[name] ?? ""}`)
    .join(" ");
