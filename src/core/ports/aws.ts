/**
 * What facts may ask AWS, as plain JSON. src/clients/aws implements it with the SDK.
 * Times are ISO 8601 in UTC. `null` means "AWS said there is none"; what could not be learnt
 * is thrown as FactUnavailable. Text is redacted and no variable's value is in here.
 */
export interface AwsPorts {
  readonly ecs: EcsPort;
  readonly logs: LogsPort;
  readonly loadBalancing: LoadBalancingPort;
  readonly network: NetworkPort;
  readonly discovery: DiscoveryPort;
  readonly metrics: MetricsPort;
  readonly trail: TrailPort;
  readonly registries: RegistriesPort;
  readonly identity: IdentityPort;
  readonly objects: ObjectsPort;
}

export interface IdentityPort {
  /** The account whose credentials we ask with: STS GetCallerIdentity, which no policy can refuse. */
  caller(signal: AbortSignal): Promise<{ readonly account: string }>;
}

/** Files that AWS leaves in a bucket, which may be in another region than everything else. */
export interface ObjectsPort {
  /** Keys that begin with `prefix` and sort behind `after`, in their order. Null: no such bucket. */
  list(
    query: { readonly bucket: string; readonly prefix: string; readonly after: string },
    signal: AbortSignal,
  ): Promise<{
    readonly keys: readonly string[];
    /** False where there were more than were asked for. */
    readonly complete: boolean;
  } | null>;
  /**
   * Whole lines of a gzipped object, as they stand: nothing of them is redacted, and whoever asks keeps
   * nothing of customers. `cut`: there was more than `mostBytes` (unzipped). Null: no such object.
   */
  text(
    query: { readonly bucket: string; readonly key: string; readonly mostBytes: number },
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly cut: boolean } | null>;
}

/** What a task needs before it can start. */
export interface RegistriesPort {
  /** An image by tag or digest. Null: the repository, or the image in it, does not exist. */
  image(
    by: {
      /** Account of the registry; null for the caller's own. */
      readonly registry: string | null;
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: string;
    },
    signal: AbortSignal,
  ): Promise<RegistryImage | null>;
  /** Whether a secret is there; its value is never asked for. Null: no such secret. */
  secret(arn: string, signal: AbortSignal): Promise<{ readonly deletedAt: string | null } | null>;
}

export interface RegistryImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: string | null;
}

export interface EcsPort {
  service(cluster: string, service: string, signal: AbortSignal): Promise<EcsService | null>;
  /** Every task of the service in that state; AWS forgets stopped ones after about an hour. */
  tasks(
    cluster: string,
    service: string,
    desired: "RUNNING" | "STOPPED",
    signal: AbortSignal,
  ): Promise<readonly EcsTask[]>;
  taskDefinition(arnOrRevision: string, signal: AbortSignal): Promise<TaskDefinition | null>;
  /** Newest first. */
  deployments(
    cluster: string,
    service: string,
    signal: AbortSignal,
  ): Promise<readonly ServiceDeployment[]>;
}

export interface EcsService {
  readonly arn: string;
  readonly name: string;
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** ARN of the task definition that the service is asked to run. */
  readonly taskDefinition: string;
  readonly healthCheckGraceSeconds: number | null;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollback: boolean } | null;
  readonly deployments: readonly EcsDeployment[];
  /** Newest first, at most 100. */
  readonly events: readonly { readonly at: string; readonly message: string }[];
  readonly loadBalancers: readonly {
    readonly targetGroup: string;
    readonly container: string | null;
    readonly port: number | null;
  }[];
  readonly registries: readonly string[];
  /** FARGATE, EC2 or EXTERNAL; null where AWS does not say. On FARGATE a task's own interface pulls its image. */
  readonly launchType: string | null;
  readonly network: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly publicIp: boolean;
  } | null;
}

export interface EcsDeployment {
  readonly id: string;
  /** PRIMARY, ACTIVE or INACTIVE. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  /** COMPLETED, FAILED or IN_PROGRESS; null with deployment controllers that do not say. */
  readonly rollout: string | null;
  readonly rolloutReason: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

export interface EcsTask {
  readonly arn: string;
  /** Last part of the ARN; the default log driver ends stream names with it. */
  readonly id: string;
  readonly taskDefinition: string;
  readonly lastStatus: string;
  /** HEALTHY, UNHEALTHY or UNKNOWN; null where it was left out. */
  readonly health: string | null;
  readonly createdAt: string | null;
  /** When the pull of its images began and ended; it runs on where only the first is told. */
  readonly pullStartedAt: string | null;
  readonly pullStoppedAt: string | null;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  readonly zone: string | null;
  readonly addresses: readonly string[];
  readonly interfaces: readonly string[];
  readonly subnets: readonly string[];
  readonly containers: readonly {
    readonly name: string;
    readonly image: string | null;
    readonly digest: string | null;
    readonly lastStatus: string | null;
    readonly health: string | null;
    readonly exitCode: number | null;
    readonly reason: string | null;
  }[];
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly registeredAt: string | null;
  readonly cpu: string | null;
  readonly memory: string | null;
  readonly networkMode: string | null;
  readonly executionRole: string | null;
  readonly taskRole: string | null;
  readonly containers: readonly ContainerDefinition[];
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string | null;
  readonly essential: boolean;
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly ports: readonly { readonly container: number; readonly protocol: string }[];
  /** Names only; the fingerprint is a keyed hash that compares values within one process. */
  readonly variables: readonly {
    readonly name: string;
    readonly empty: boolean;
    readonly fingerprint: string;
  }[];
  /** `from` is the ARN or parameter name that the value is read from. */
  readonly secrets: readonly { readonly name: string; readonly from: string }[];
  /** Keyed hash of command and entry point, which may hold secrets. */
  readonly commandFingerprint: string;
  readonly logs: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>>;
  } | null;
  readonly healthCheck: {
    readonly command: string;
    readonly intervalSeconds: number | null;
    readonly timeoutSeconds: number | null;
    readonly retries: number | null;
    readonly startPeriodSeconds: number | null;
  } | null;
}

export interface ServiceDeployment {
  readonly arn: string;
  /** PENDING, SUCCESSFUL, STOPPED, IN_PROGRESS, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED ... */
  readonly status: string;
  readonly reason: string | null;
  readonly createdAt: string | null;
  readonly finishedAt: string | null;
}

export interface LogsPort {
  /** Streams whose name starts with the prefix, or the newest ones; null: no such log group. */
  streams(
    group: string,
    prefix: string | null,
    signal: AbortSignal,
  ): Promise<readonly LogStream[] | null>;
  /** What the group still holds. Null: no such log group. */
  retention(group: string, signal: AbortSignal): Promise<LogRetention | null>;
  /** One FilterLogEvents call. An empty page with a token is not the end. Null: no such log group. */
  page(query: LogQuery, signal: AbortSignal): Promise<LogPage | null>;
  /** A Logs Insights query, run to its end: one record of field names to text per row. */
  insights(
    query: {
      readonly group: string;
      readonly from: number;
      readonly to: number;
      readonly text: string;
    },
    signal: AbortSignal,
  ): Promise<readonly Readonly<Record<string, string>>[]>;
}

export interface LogRetention {
  /** ISO 8601; null where not told. */
  readonly createdAt: string | null;
  /** Null: lines are kept for ever. */
  readonly days: number | null;
}

export interface LogStream {
  readonly name: string;
  readonly firstAt: string | null;
  /** Lags behind, by up to an hour. */
  readonly lastAt: string | null;
}

export interface LogQuery {
  readonly group: string;
  /** Only streams whose name begins like this; every stream where it is left out. */
  readonly streamPrefix?: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** CloudWatch filter pattern; null for every line. */
  readonly pattern: string | null;
  readonly token: string | null;
  /** The most lines that one call gives, oldest first. */
  readonly limit?: number;
}

export interface LogPage {
  readonly lines: readonly LogLine[];
  readonly token: string | null;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly stream: string;
  readonly text: string;
}

export interface LoadBalancingPort {
  loadBalancer(name: string, signal: AbortSignal): Promise<LoadBalancer | null>;
  /** Those of a load balancer, or those with these ARNs. */
  targetGroups(
    of: { readonly loadBalancer: string } | { readonly arns: readonly string[] },
    signal: AbortSignal,
  ): Promise<readonly TargetGroup[]>;
  targetHealth(targetGroup: string, signal: AbortSignal): Promise<readonly TargetHealth[]>;
  listeners(loadBalancer: string, signal: AbortSignal): Promise<readonly Listener[]>;
  rules(listener: string, signal: AbortSignal): Promise<readonly ListenerRule[]>;
  /** Where its access log is kept. Null: it is switched off. */
  accessLog(loadBalancer: string, signal: AbortSignal): Promise<AccessLogPlace | null>;
}

export interface AccessLogPlace {
  readonly bucket: string;
  /** Without a slash at its end; empty where there is none. */
  readonly prefix: string;
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  /** "internet-facing" or "internal". */
  readonly scheme: string | null;
  /** "active", "provisioning", "active_impaired", "failed". */
  readonly state: string | null;
  readonly vpc: string | null;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  /** "ip", "instance", "lambda", "alb". */
  readonly targetType: string | null;
  /** Only a default on ECS: each target is registered with its own port. */
  readonly port: number | null;
  readonly protocol: string | null;
  readonly loadBalancers: readonly string[];
  readonly healthCheck: {
    readonly enabled: boolean;
    readonly path: string | null;
    /** A number, or "traffic-port". */
    readonly port: string | null;
    readonly protocol: string | null;
    /** HTTP codes as "200" or "200-299,301". */
    readonly matcher: string | null;
    readonly intervalSeconds: number | null;
    readonly timeoutSeconds: number | null;
    readonly healthyCount: number | null;
    readonly unhealthyCount: number | null;
  };
}

export interface TargetHealth {
  readonly id: string;
  readonly port: number | null;
  readonly zone: string | null;
  readonly healthCheckPort: string | null;
  /** healthy, unhealthy, initial, draining, unused, unavailable. */
  readonly state: string;
  /** "Target.Timeout", "Target.ResponseCodeMismatch" ... */
  readonly reason: string | null;
  readonly description: string | null;
}

export interface Listener {
  readonly arn: string;
  readonly port: number | null;
  readonly protocol: string | null;
}

export interface ListenerRule {
  readonly arn: string;
  /** Null for the default rule, which comes last. */
  readonly priority: number | null;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
  /** Rewrites of the request on its way to the target; they happen after the match. */
  readonly transforms: readonly RuleTransform[];
}

export interface RuleTransform {
  /** host-header-rewrite, url-rewrite. */
  readonly type: string;
  /** `replace` may hold $1, $2 ... for the groups of `regex`. */
  readonly rewrites: readonly { readonly regex: string; readonly replace: string }[];
}

/** Conditions are ANDed, the values of one are ORed. */
export interface RuleCondition {
  /** path-pattern, host-header, http-request-method, http-header, query-string, source-ip. */
  readonly field: string;
  readonly values: readonly string[];
  /** Of an http-header condition. */
  readonly header: string | null;
  /** Of a query-string condition; a null key matches any. */
  readonly query: readonly { readonly key: string | null; readonly value: string }[];
  readonly regexes: readonly string[];
}

export interface RuleAction {
  /** forward, redirect, fixed-response, authenticate-oidc ... */
  readonly type: string;
  readonly order: number;
  readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[];
  /** "302 https://{host}:443/{path}" of a redirect, "404" of a fixed response, the page of a log-in. */
  readonly answer: string | null;
  /** What authenticate-* does with whoever is not logged in: authenticate, deny or allow; null for the others. */
  readonly unauthenticated: string | null;
}

export interface NetworkPort {
  interfaces(
    by:
      | { readonly ids: readonly string[] }
      | { readonly loadBalancer: string }
      | { readonly address: string }
      | { readonly groups: readonly string[] },
    signal: AbortSignal,
  ): Promise<readonly NetworkInterface[]>;
  securityGroups(ids: readonly string[], signal: AbortSignal): Promise<readonly SecurityGroup[]>;
  subnets(ids: readonly string[], signal: AbortSignal): Promise<readonly Subnet[]>;
  /** Those that the subnets are associated with. */
  acls(subnets: readonly string[], signal: AbortSignal): Promise<readonly NetworkAcl[]>;
  routeTables(vpc: string, signal: AbortSignal): Promise<readonly RouteTable[]>;
  /** Ranges of a managed prefix list. */
  prefixList(id: string, signal: AbortSignal): Promise<readonly string[]>;
  /** VPC endpoints of every kind, in whatever state. */
  endpoints(vpc: string, signal: AbortSignal): Promise<readonly VpcEndpoint[]>;
  dns(vpc: string, signal: AbortSignal): Promise<VpcDns>;
}

export interface VpcEndpoint {
  readonly id: string;
  /** "com.amazonaws.us-east-1.ecr.api". */
  readonly service: string;
  /** "interface", "gateway", "gatewayloadbalancer" ... */
  readonly type: string;
  /** "available", "pending", "deleting", "failed" ... */
  readonly state: string;
  /** Whether the service's public name leads to it inside the VPC. */
  readonly privateDns: boolean;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly interfaces: readonly string[];
}

export interface VpcDns {
  /** Amazon's resolver answers (enableDnsSupport). */
  readonly support: boolean;
  /** With support: private zones and private names of endpoints resolve (enableDnsHostnames). */
  readonly hostnames: boolean;
}

export interface NetworkInterface {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly publicAddress: string | null;
  readonly subnet: string | null;
  readonly vpc: string | null;
  readonly groups: readonly string[];
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
}

export interface GroupRule {
  /** "tcp", "udp", "icmp", a number, or "-1" for all. */
  readonly protocol: string;
  /** Null: every port. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidrs: readonly string[];
  readonly groups: readonly string[];
  readonly prefixLists: readonly string[];
}

export interface Subnet {
  readonly id: string;
  readonly vpc: string | null;
  readonly cidr: string | null;
  readonly zone: string | null;
  readonly freeAddresses: number | null;
}

export interface NetworkAcl {
  readonly id: string;
  readonly subnets: readonly string[];
  readonly entries: readonly AclEntry[];
}

export interface AclEntry {
  /** The lowest number that matches wins; 32767 is the final refusal. */
  readonly number: number;
  readonly egress: boolean;
  /** "6" is TCP, "-1" is all. */
  readonly protocol: string;
  readonly allow: boolean;
  readonly cidr: string | null;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

export interface RouteTable {
  readonly id: string;
  readonly main: boolean;
  readonly subnets: readonly string[];
  readonly routes: readonly {
    /** CIDR, or the id of a prefix list. */
    readonly destination: string;
    /** "local", "igw-...", "nat-...", "vpce-...", "tgw-...", "pcx-...", "eni-...". */
    readonly via: string;
    /** "active" or "blackhole". */
    readonly state: string;
  }[];
}

export interface DiscoveryPort {
  /** Instances of a Cloud Map service by its ARN or id. Null: no such service. */
  instances(service: string, signal: AbortSignal): Promise<readonly DiscoveryInstance[] | null>;
  /** The same by the name that clients resolve: service "api" of namespace "x.local". */
  discover(
    namespace: string,
    service: string,
    signal: AbortSignal,
  ): Promise<readonly DiscoveryInstance[] | null>;
}

export interface DiscoveryInstance {
  readonly id: string;
  readonly address: string | null;
  readonly port: number | null;
  /** HEALTHY, UNHEALTHY, UNKNOWN; null where not asked. */
  readonly health: string | null;
}

export interface MetricsPort {
  /** One series per query, by its id, oldest value first. An empty series: no data points. */
  series(
    queries: readonly MetricQuery[],
    window: { readonly from: number; readonly to: number; readonly periodSeconds: number },
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, readonly MetricPoint[]>>>;
}

export interface MetricQuery {
  /** Lower-case first letter, letters, digits and underscores. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** "Sum", "Average", "Maximum", "p95". */
  readonly statistic: string;
}

export interface MetricPoint {
  readonly at: string;
  readonly value: number;
}

export interface TrailPort {
  /** Changing calls in the window, newest first; `complete` is false where there were more pages. */
  changes(
    window: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<{ readonly events: readonly TrailEvent[]; readonly complete: boolean }>;
}

export interface TrailEvent {
  readonly id: string;
  readonly at: string;
  /** "RevokeSecurityGroupEgress". */
  readonly name: string;
  /** "ec2.amazonaws.com". */
  readonly source: string;
  readonly by: string | null;
  readonly resources: readonly string[];
  /** What the call asked for, in few words: "desired count 0", "tcp 443 0.0.0.0/0". Absent in older records. */
  readonly details?: readonly string[];
  /** The error code of a refused call; null where it went through. */
  readonly error: string | null;
}
