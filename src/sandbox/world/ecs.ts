/** ECS as its API describes it (field names of the API, in camelCase); times are epoch milliseconds. */

export interface Cluster {
  arn: string;
  name: string;
  status: "ACTIVE" | "INACTIVE";
}

export interface KeyValue {
  name: string;
  value: string;
}

export interface PortMapping {
  containerPort: number;
  hostPort: number;
  protocol: "tcp" | "udp";
  name?: string;
}

export interface ContainerDefinition {
  name: string;
  image: string;
  essential: boolean;
  cpu: number;
  memory?: number;
  portMappings: PortMapping[];
  environment: KeyValue[];
  secrets: { name: string; valueFrom: string }[];
  command?: string[];
  readonlyRootFilesystem?: boolean;
  healthCheck?: {
    command: string[];
    interval: number;
    timeout: number;
    retries: number;
    startPeriod?: number;
  };
  logConfiguration?: { logDriver: "awslogs"; options: Record<string, string> };
}

/** The Session Manager agents in the containers, and the way between them and whoever looks in. */
export interface ExecAgents {
  status: "RUNNING" | "STOPPED";
  /** False: AWS knows of the agents and does not reach them. */
  connected: boolean;
  /** They accept a session and say nothing. */
  silent: boolean;
  /** KMS key of the cluster's executeCommandConfiguration; null: sessions are not encrypted once more. */
  kmsKeyId: string | null;
  /** What the image brings along. */
  shell: boolean;
  python: boolean;
  /** Characters that a session prints before anything else. */
  chatter: number;
  /** Every n-th frame of a session, either way, is lost, comes twice, or after the next one; 0: none. */
  wire: { loseEvery: number; repeatEvery: number; swapEvery: number };
}

export interface TaskDefinition {
  arn: string;
  family: string;
  revision: number;
  status: "ACTIVE" | "INACTIVE";
  networkMode: "awsvpc";
  requiresCompatibilities: "FARGATE"[];
  /** Units of 1/1024 vCPU and MiB, as strings like the API's. */
  cpu: string;
  memory: string;
  taskRoleArn: string;
  executionRoleArn: string;
  containerDefinitions: ContainerDefinition[];
  registeredAt: number;
  registeredBy: string;
}

export type RolloutState = "COMPLETED" | "FAILED" | "IN_PROGRESS";

export interface Deployment {
  id: string;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  taskDefinition: string;
  desiredCount: number;
  pendingCount: number;
  runningCount: number;
  failedTasks: number;
  createdAt: number;
  updatedAt: number;
  launchType: "FARGATE";
  platformVersion: string;
  rolloutState: RolloutState;
  rolloutStateReason: string;
}

export interface ServiceEvent {
  id: string;
  createdAt: number;
  message: string;
}

export type ServiceDeploymentStatus =
  | "PENDING"
  | "SUCCESSFUL"
  | "STOPPED"
  | "STOP_REQUESTED"
  | "IN_PROGRESS"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** One row of ListServiceDeployments; `targetServiceRevisionArn` leads to its revision. */
export interface ServiceDeployment {
  arn: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  targetServiceRevisionArn: string;
  /** Revisions that ran when it started. */
  sourceServiceRevisionArns: string[];
  createdAt: number;
  startedAt: number;
  finishedAt?: number;
  updatedAt: number;
  rollback?: { reason: string; startedAt: number; serviceRevisionArn: string };
  circuitBreaker: {
    status: "MONITORING" | "MONITORING_COMPLETE" | "TRIGGERED" | "DISABLED";
    failureCount: number;
    threshold: number;
  };
}

export interface ServiceRevision {
  arn: string;
  taskDefinition: string;
  createdAt: number;
  /** Containers as deployed: image and its digest. */
  containerImages: { containerName: string; image: string; imageDigest: string }[];
}

export interface Service {
  arn: string;
  name: string;
  clusterArn: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  launchType: "FARGATE";
  platformVersion: string;
  /** ARN with revision. The runtime rolls tasks over to it when it changes. */
  taskDefinition: string;
  deployments: Deployment[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  loadBalancers: { targetGroupArn: string; containerName: string; containerPort: number }[];
  serviceRegistries: { registryArn: string; containerName?: string; containerPort?: number }[];
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: string[];
      securityGroups: string[];
      assignPublicIp: "ENABLED" | "DISABLED";
    };
  };
  deploymentConfiguration: {
    maximumPercent: number;
    minimumHealthyPercent: number;
    deploymentCircuitBreaker: { enable: boolean; rollback: boolean };
  };
  healthCheckGracePeriodSeconds: number;
  schedulingStrategy: "REPLICA";
  enableExecuteCommand: boolean;
  createdAt: number;
  createdBy: string;
  /** Newest first. */
  serviceDeployments: ServiceDeployment[];
  serviceRevisions: ServiceRevision[];
}

export type StopCode =
  | "TaskFailedToStart"
  | "EssentialContainerExited"
  | "UserInitiated"
  | "ServiceSchedulerInitiated"
  | "SpotInterruption"
  | "TerminationNotice"
  | "InfrastructureHealth";

export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

export type ContainerHealth = "HEALTHY" | "UNHEALTHY" | "UNKNOWN";

export interface TaskContainer {
  name: string;
  image: string;
  imageDigest?: string;
  runtimeId: string;
  lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  exitCode?: number;
  reason?: string;
  healthStatus: ContainerHealth;
  networkInterfaces: { attachmentId: string; privateIpv4Address: string }[];
}

export interface Task {
  arn: string;
  /** Last part of the ARN: 32 hexadecimal digits. */
  id: string;
  clusterArn: string;
  /** "service:<name>". */
  group: string;
  startedBy: string;
  taskDefinitionArn: string;
  lastStatus: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  healthStatus: ContainerHealth;
  launchType: "FARGATE";
  platformVersion: string;
  /** As the service had it when the task was started. */
  enableExecuteCommand: boolean;
  cpu: string;
  memory: string;
  availabilityZone: string;
  connectivity: "CONNECTED" | "DISCONNECTED";
  containers: TaskContainer[];
  /** The ElasticNetworkInterface attachment. */
  attachments: {
    id: string;
    type: "ElasticNetworkInterface";
    status: "ATTACHED" | "DELETED";
    details: { name: string; value: string }[];
  }[];
  createdAt: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  /** Set where AWS takes its host away; the runtime then stops it. Not visible through any call. */
  host?: "reclaimed" | "failing";
  /**
   * Its worker threads wait for each other: what needs one is never answered, while the event loop
   * still answers /health. Not visible through any call.
   */
  stuck?: boolean;
}
