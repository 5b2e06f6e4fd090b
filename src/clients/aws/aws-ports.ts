import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import type { Ports } from "#core/ports.ts";
import type { AwsPorts } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { createCall } from "./call.ts";
import { assumingRole } from "./credentials.ts";
import { createDiscoveryPort } from "./discovery.ts";
import { createEcsPort } from "./ecs.ts";
import { createExecPort } from "./exec/exec.ts";
import { createIdentityPort } from "./identity.ts";
import { createLoadBalancingPort } from "./load-balancing.ts";
import { createLogsPort } from "./logs.ts";
import { createMetricsPort } from "./metrics.ts";
import { createNetworkPort } from "./network.ts";
import { createObjectsPort } from "./objects.ts";
import { createRegistriesPort } from "./registries.ts";
import { createToTaskDefinition } from "./task-definition.ts";
import { createTrailPort } from "./trail.ts";

export interface AwsSetting {
  readonly region: string;
  /** One endpoint for every service; null for AWS itself or what the SDK reads from its own settings. */
  readonly endpointUrl: string | null;
  /** Another one for S3 alone; absent or null: that of every service. */
  readonly s3EndpointUrl?: string | null;
  /** ARN of a role to read as; null for the SDK's own chain. */
  readonly role: string | null;
  readonly redactor: Redactor;
}

export interface AwsConnection extends AwsPorts, Pick<Ports, "exec"> {
  /** Closes the idle connections. */
  close(): void;
}

/**
 * Builds every client but two, which come with their first call: EC2's is half of the SDK by itself, and
 * S3's is asked only where a load balancer keeps an access log.
 */
export function createAwsPorts({
  region,
  endpointUrl,
  s3EndpointUrl,
  role,
  redactor,
}: AwsSetting): AwsConnection {
  const endpoint = endpointUrl ?? undefined;
  const withoutRole = {
    region,
    retryMode: "standard",
    maxAttempts: 3,
    // Host prefixes such as "data-" exist at AWS only.
    ...(endpoint === undefined ? {} : { endpoint, disableHostPrefix: true }),
  };
  const as = (arn: string | null) =>
    arn === null ? {} : { credentials: assumingRole(arn, region, endpoint, redactor) };
  const shared = { ...withoutRole, ...as(role) };
  const open: { destroy(): void }[] = [];
  const opened = <Client extends { destroy(): void }>(client: Client): Client => {
    open.push(client);
    return client;
  };
  const call = createCall(redactor);

  const ecs = opened(new ECSClient(shared));
  const executors = new Map<string | null, ECSClient>();
  /** One attempt: a call that was answered late may have opened a session already. */
  const executor = (own: string | null): ECSClient => {
    const known = executors.get(own);
    if (known !== undefined) return known;
    const made = opened(new ECSClient({ ...withoutRole, ...as(own ?? role), maxAttempts: 1 }));
    executors.set(own, made);
    return made;
  };
  return {
    exec: createExecPort({ reader: ecs, executor, call, redactor }),
    identity: createIdentityPort({ client: ecs, region, endpoint: endpointUrl, call }),
    ecs: createEcsPort({
      client: ecs,
      call,
      redactor,
      toTaskDefinition: createToTaskDefinition(redactor),
    }),
    logs: createLogsPort({ client: opened(new CloudWatchLogsClient(shared)), call, redactor }),
    loadBalancing: createLoadBalancingPort({
      client: opened(new ElasticLoadBalancingV2Client(shared)),
      call,
      redactor,
    }),
    network: createNetworkPort({
      load: once(async () => {
        const sdk = await import("@aws-sdk/client-ec2");
        return { sdk, client: opened(new sdk.EC2Client(shared)) };
      }),
      call,
    }),
    objects: createObjectsPort({
      region,
      load: once(async () => {
        const sdk = await import("@aws-sdk/client-s3");
        const own = s3EndpointUrl ?? endpoint;
        const connect = (there: string) =>
          opened(
            new sdk.S3Client({
              ...shared,
              region: there,
              // A stand-in has no name for each bucket.
              ...(own === undefined ? {} : { endpoint: own, forcePathStyle: true }),
              // What is read here is gzipped, which has a checksum of its own.
              responseChecksumValidation: "WHEN_REQUIRED",
            }),
          );
        return { sdk, connect };
      }),
      call,
    }),
    discovery: createDiscoveryPort({
      client: opened(new ServiceDiscoveryClient(shared)),
      call,
    }),
    metrics: createMetricsPort({ client: opened(new CloudWatchClient(shared)), call }),
    trail: createTrailPort({ client: opened(new CloudTrailClient(shared)), call, redactor }),
    registries: createRegistriesPort({
      ecr: opened(new ECRClient(shared)),
      secrets: opened(new SecretsManagerClient(shared)),
      call,
    }),
    close: () => {
      for (const client of open) client.destroy();
    },
  };
}

/** Concurrent first calls share one load; a failed one is tried again. */
const once = <Loaded>(load: () => Promise<Loaded>): (() => Promise<Loaded>) => {
  let loading: Promise<Loaded> | null = null;
  return async () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
};
