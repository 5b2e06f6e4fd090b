import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsPorts } from "#core/ports/aws.ts";
import type { Redactor } from "#core/redact.ts";
import { createCall } from "./call.ts";
import { assumingRole } from "./credentials.ts";
import { createDiscoveryPort } from "./discovery.ts";
import { createEcsPort } from "./ecs.ts";
import { createLoadBalancingPort } from "./load-balancing.ts";
import { createLogsPort } from "./logs.ts";
import { createMetricsPort } from "./metrics.ts";
import { createNetworkPort } from "./network.ts";
import { createRegistriesPort } from "./registries.ts";
import { createToTaskDefinition } from "./task-definition.ts";
import { createTrailPort } from "./trail.ts";

export interface AwsSetting {
  readonly region: string;
  /** One endpoint for every service; null for AWS itself or what the SDK reads from its own settings. */
  readonly endpointUrl: string | null;
  /** ARN of a role to read as; null for the SDK's own chain. */
  readonly role: string | null;
  readonly redactor: Redactor;
}

export interface AwsConnection extends AwsPorts {
  /** Closes the idle connections. */
  close(): void;
}

/** The clients of the fast wave are built here; the others are imported with their first call. */
export function createAwsPorts({ region, endpointUrl, role, redactor }: AwsSetting): AwsConnection {
  const endpoint = endpointUrl ?? undefined;
  const shared = {
    region,
    retryMode: "standard",
    maxAttempts: 3,
    // Host prefixes such as "data-" exist at AWS only.
    ...(endpoint === undefined ? {} : { endpoint, disableHostPrefix: true }),
    ...(role === null ? {} : { credentials: assumingRole(role, region, endpoint, redactor) }),
  };
  const open: { destroy(): void }[] = [];
  const opened = <Client extends { destroy(): void }>(client: Client): Client => {
    open.push(client);
    return client;
  };
  const call = createCall(redactor);

  return {
    ecs: createEcsPort({
      client: opened(new ECSClient(shared)),
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
    discovery: createDiscoveryPort({
      load: once(async () => {
        const sdk = await import("@aws-sdk/client-servicediscovery");
        return { sdk, client: opened(new sdk.ServiceDiscoveryClient(shared)) };
      }),
      call,
    }),
    metrics: createMetricsPort({
      load: once(async () => {
        const sdk = await import("@aws-sdk/client-cloudwatch");
        return { sdk, client: opened(new sdk.CloudWatchClient(shared)) };
      }),
      call,
    }),
    trail: createTrailPort({
      load: once(async () => {
        const sdk = await import("@aws-sdk/client-cloudtrail");
        return { sdk, client: opened(new sdk.CloudTrailClient(shared)) };
      }),
      call,
      redactor,
    }),
    registries: createRegistriesPort({
      loadEcr: once(async () => {
        const sdk = await import("@aws-sdk/client-ecr");
        return { sdk, client: opened(new sdk.ECRClient(shared)) };
      }),
      loadSecrets: once(async () => {
        const sdk = await import("@aws-sdk/client-secrets-manager");
        return { sdk, client: opened(new sdk.SecretsManagerClient(shared)) };
      }),
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
