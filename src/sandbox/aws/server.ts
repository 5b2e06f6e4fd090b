/** One server for all AWS APIs: point AWS_ENDPOINT_URL at it and the SDK clients work unchanged. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { listenOnLoopback, readBody } from "../loopback.ts";
import type { Inside } from "../runtime/inside.ts";
import type { WorldState } from "../world/state.ts";
import { cloudtrailOperations } from "./cloudtrail.ts";
import { cloudwatchOperations } from "./cloudwatch.ts";
import { answerTo } from "./desk.ts";
import type { Desk, ServedCall } from "./desk.ts";
import { ec2Operations } from "./ec2.ts";
import { ecsOperations } from "./ecs.ts";
import { createExecSessions } from "./exec/sessions.ts";
import { elbOperations } from "./elb.ts";
import { createLogsOperations } from "./logs.ts";
import { ecrOperations, secretsManagerOperations } from "./registries.ts";
import { s3Operations } from "./s3.ts";
import { serviceDiscoveryOperations } from "./service-discovery.ts";
import { createSessions, createStsOperations } from "./sts.ts";

export interface AwsServerOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** Log events that one FilterLogEvents call looks at before it hands out a nextToken. */
  readonly scanLimit?: number;
  /** How long an Insights query is "Running", in milliseconds. */
  readonly queryMs?: number;
  /** A task as its container sees the world; without it no agent can be reached. */
  readonly inside?: (taskId: string) => Inside | undefined;
}

export interface AwsServer {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** Every call that named an action, in order. */
  readonly calls: ServedCall[];
  close(): Promise<void>;
}

export const startAwsServer = async (
  state: WorldState,
  options: AwsServerOptions = {},
): Promise<AwsServer> => {
  const sessions = createSessions();
  const closing = new AbortController();
  const exec = createExecSessions(state, options.inside ?? (() => undefined));
  const desk: Desk = {
    state,
    sessions,
    calls: [],
    closing: closing.signal,
    operations: {
      ecs: { ...ecsOperations, ...exec.operations },
      elasticloadbalancing: elbOperations,
      ec2: ec2Operations,
      logs: createLogsOperations({
        scanLimit: options.scanLimit ?? 10_000,
        queryMs: options.queryMs ?? 300,
      }),
      servicediscovery: serviceDiscoveryOperations,
      cloudtrail: cloudtrailOperations,
      cloudwatch: cloudwatchOperations,
      ecr: ecrOperations,
      s3: s3Operations,
      secretsmanager: secretsManagerOperations,
      sts: createStsOperations(sessions),
    },
  };
  const loopback = await listenOnLoopback((request, response) => {
    void serve(desk, request, response);
  }, options.port);
  exec.listenOn(loopback);
  return {
    url: loopback.origin,
    calls: desk.calls,
    close: async () => {
      closing.abort();
      exec.stop();
      await loopback.stop();
    },
  };
};

/** Answers one request and never rejects: what fails here becomes a 500 of the protocol. */
const serve = async (
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const raw = await readBody(request);
    const zipped = request.headers["content-encoding"] === "gzip";
    const body = (zipped ? gunzipSync(raw) : raw).toString("utf8");
    const answer = await answerTo(desk, request.headers, body, request);
    if (answer === "never") return;
    response.writeHead(answer.status, { ...answer.headers });
    response.end(answer.body);
  } catch (error) {
    // Cut off by the caller or by close(): nobody is left to answer.
    if (desk.closing.aborted || request.destroyed || response.destroyed) return;
    response.writeHead(500, { "content-type": "text/plain" });
    response.end(error instanceof Error ? error.message : String(error));
  }
};
