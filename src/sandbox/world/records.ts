/** What AWS keeps about what happened: logs, metrics, the audit trail; and the smaller registries. */

export interface LogEvent {
  /** Epoch milliseconds. */
  timestamp: number;
  ingestionTime: number;
  message: string;
  eventId: string;
}

export interface LogStream {
  name: string;
  creationTime: number;
  /** Oldest first. */
  events: LogEvent[];
}

export interface LogGroup {
  arn: string;
  name: string;
  creationTime: number;
  retentionInDays?: number;
  streams: LogStream[];
}

/** One metric with one set of dimensions. A point stands for the samples of one minute. */
export interface MetricSeries {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  unit: string;
  points: MetricPoint[];
}

export interface MetricPoint {
  /** Start of its minute, epoch milliseconds. */
  timestamp: number;
  /** Raw samples: from these come Sum, Average, Minimum, Maximum, SampleCount and percentiles. */
  samples: number[];
}

export interface TrailEvent {
  eventId: string;
  eventTime: number;
  /** "UpdateService". */
  eventName: string;
  /** "ecs.amazonaws.com". */
  eventSource: string;
  readOnly: boolean;
  username: string;
  accessKeyId?: string;
  sourceIPAddress: string;
  resources: { resourceType: string; resourceName: string }[];
  requestParameters: Record<string, unknown>;
  errorCode?: string;
  errorMessage?: string;
}

export interface Namespace {
  id: string;
  arn: string;
  name: string;
  type: "DNS_PRIVATE" | "HTTP";
  vpcId: string;
  hostedZoneId: string;
}

export interface DiscoveryInstance {
  id: string;
  /** AWS_INSTANCE_IPV4, AWS_INSTANCE_PORT, AVAILABILITY_ZONE, ECS_SERVICE_NAME, ... */
  attributes: Record<string, string>;
  healthStatus: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
}

export interface DiscoveryService {
  id: string;
  arn: string;
  name: string;
  namespaceId: string;
  dnsRecords: { type: "A" | "SRV"; ttl: number }[];
  instances: DiscoveryInstance[];
}

export interface ImageDetail {
  imageDigest: string;
  imageTags: string[];
  imagePushedAt: number;
  imageSizeInBytes: number;
}

export interface Repository {
  arn: string;
  name: string;
  /** "<account>.dkr.ecr.<region>.amazonaws.com/<name>". */
  uri: string;
  images: ImageDetail[];
}

export interface Secret {
  arn: string;
  name: string;
  /** Never served by the control plane: only tasks read it at start. */
  value: string;
  createdAt: number;
  lastChangedAt: number;
  deletedAt?: number;
}

export interface Alarm {
  alarmName: string;
  alarmArn: string;
  stateValue: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  stateReason: string;
  stateUpdatedAt: number;
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  threshold: number;
  comparisonOperator: string;
}
