/** The AWS server over a world of its own, and the real SDK clients pointed at it. */
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { startAwsServer } from "../../../src/sandbox/aws/server.ts";
import type { AwsServer, AwsServerOptions } from "../../../src/sandbox/aws/server.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { WorldState } from "../../../src/sandbox/world/state.ts";

export const createClients = (endpoint: string, maxAttempts = 1, region = "us-east-1") => {
  const settings = {
    region,
    endpoint,
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" },
    retryMode: "standard",
    maxAttempts,
    disableHostPrefix: true,
  };
  return {
    ecs: new ECSClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    ec2: new EC2Client(settings),
    logs: new CloudWatchLogsClient(settings),
    discovery: new ServiceDiscoveryClient(settings),
    trail: new CloudTrailClient(settings),
    metrics: new CloudWatchClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
};

export type Clients = ReturnType<typeof createClients>;

export interface Bench extends AsyncDisposable {
  readonly state: WorldState;
  readonly server: AwsServer;
  readonly clients: Clients;
}

/** `await using` closes the server and the clients' sockets. */
export const startBench = async (
  prepare: (state: WorldState) => void = () => {},
  options: AwsServerOptions & { readonly maxAttempts?: number } = {},
): Promise<Bench> => {
  const state = createWorldState();
  prepare(state);
  const server = await startAwsServer(state, options);
  const clients = createClients(server.url, options.maxAttempts);
  return {
    state,
    server,
    clients,
    [Symbol.asyncDispose]: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await server.close();
    },
  };
};

/** Syntactically signed, which is all that the server asks. */
export const signed = (service: string): Record<string, string> => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261121/us-east-1/${service}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
});

/** A JSON 1.1 call without a client, for APIs whose client is not installed. */
export const callJson = async (
  url: string,
  service: string,
  target: string,
  body: unknown,
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      ...signed(service),
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
    },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};

/** A Query call without a client. */
export const callQuery = async (
  url: string,
  service: string,
  fields: Record<string, string>,
): Promise<{ status: number; text: string }> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...signed(service), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  return { status: response.status, text: await response.text() };
};
