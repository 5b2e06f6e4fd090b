/** The way from a task definition to a running process, with the failures that AWS reports on it. */
import { setTimeout as sleep } from "node:timers/promises";
import { answerRegistry } from "../peers/registry.ts";
import { openHttpHost } from "../net/http-host.ts";
import { isResolverOn, resolveName } from "../net/names.ts";
import { isReachable } from "../net/reachability.ts";
import type { Wires } from "../net/wires.ts";
import { startApi } from "../api/app.ts";
import type { Running, Surroundings } from "../api/program.ts";
import { imageDigest } from "../world/deploy.ts";
import { awsHosts } from "../world/initial/outside.ts";
import { appendLog } from "../world/state.ts";
import type {
  AuthProgram,
  ContainerDefinition,
  Program,
  Task,
  WorldState,
} from "../world/state.ts";

export class StartFailure extends Error {}

export interface Prepared {
  digest: string;
  environment: Map<string, string>;
  program: Program;
}

/** What the platform's agent says when it cannot reach a host on 443; null where it can. */
const dialTo = (state: WorldState, from: string, host: string): string | null => {
  const vpc = state.ec2.vpcs[0]?.cidrBlock ?? "10.0.0.0/16";
  const resolver = vpc.replace(/\.0\/\d+$/u, ".2:53");
  if (!isResolverOn(state))
    return `dial tcp: lookup ${host} on ${resolver}: read udp ${from}:40122->${resolver}: i/o timeout`;
  const found = resolveName(state, host, "inside");
  const address = found.code === "NOERROR" ? found.addresses[0]?.address : undefined;
  if (address === undefined) return `dial tcp: lookup ${host} on ${resolver}: no such host`;
  return isReachable(state, from, address, 443) ? null : `dial tcp ${address}:443: i/o timeout`;
};

/** Pulls image and secrets, opens the log stream. Throws StartFailure with ECS's sentence. */
export const prepareContainer = (
  state: WorldState,
  container: ContainerDefinition,
  address: string,
): Prepared => {
  const trouble = "ResourceInitializationError: unable to pull secrets or registry auth:";
  const registry = dialTo(state, address, awsHosts.registry);
  if (registry !== null) {
    throw new StartFailure(
      `${trouble} The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://${awsHosts.registry}/": ${registry}`,
    );
  }
  const secrets = container.secrets.length === 0 ? null : dialTo(state, address, awsHosts.secrets);
  if (secrets !== null) {
    throw new StartFailure(
      `${trouble} unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret ${container.secrets[0]?.valueFrom ?? ""} from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded`,
    );
  }
  const environment = new Map(container.environment.map(({ name, value }) => [name, value]));
  for (const { name, valueFrom } of container.secrets) {
    const secret = state.secrets.find(
      (one) => one.arn === valueFrom && one.deletedAt === undefined,
    );
    if (secret === undefined) {
      throw new StartFailure(
        `${trouble} execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${valueFrom} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
      );
    }
    environment.set(name, secret.value);
  }
  const images = dialTo(state, address, awsHosts.images) ?? dialTo(state, address, awsHosts.layers);
  if (images !== null) {
    throw new StartFailure(
      `CannotPullContainerError: The task cannot pull ${container.image} from the registry. There is a connection issue between the task and the registry. Check your task network configuration. : failed to copy: httpReadSeeker: failed open: failed to do request: ${images}`,
    );
  }
  const digest = imageDigest(state, container.image);
  const program = digest === undefined ? undefined : state.programs.get(digest);
  if (digest === undefined || program === undefined) {
    throw new StartFailure(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${container.image}: ${container.image}: not found`,
    );
  }
  const group = container.logConfiguration?.options["awslogs-group"];
  const logs = group === undefined ? null : dialTo(state, address, awsHosts.logs);
  if (logs !== null) {
    throw new StartFailure(
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post "https://${awsHosts.logs}/": ${logs} : exit status 1`,
    );
  }
  if (group !== undefined && !state.logs.groups.some((one) => one.name === group)) {
    throw new StartFailure(
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1`,
    );
  }
  return { digest, environment, program };
};

export const startContainer = async (input: {
  state: WorldState;
  wires: Wires;
  ca: string;
  task: Task;
  container: ContainerDefinition;
  address: string;
  prepared: Prepared;
}): Promise<Running> => {
  const { state, wires, ca, task, container, address, prepared } = input;
  const options = container.logConfiguration?.options ?? {};
  const stream = `${options["awslogs-stream-prefix"] ?? "ecs"}/${container.name}/${task.id}`;
  const surroundings: Surroundings = {
    state,
    wires,
    ca,
    address,
    environment: prepared.environment,
    print: (line) => appendLog(state, options["awslogs-group"] ?? "", stream, line),
  };
  const { program } = prepared;
  if (program.kind === "api") return await startApi(program, surroundings);
  if (program.kind === "registry") return await startRegistry(program.port, surroundings);
  if (program.kind === "auth") return await startAuth(program, surroundings);
  surroundings.print("INFO [worker] connected to queue hokusai-batch, waiting for jobs");
  return { exited: new Promise(() => undefined), ports: [], stop: async () => undefined };
};

/** Its port is not opened here: auth.hokus.ai has an address of its own, and asks whether a task runs. */
const startAuth = async ({ crash }: AuthProgram, { print }: Surroundings): Promise<Running> => {
  // Importing takes its time, whether it ends well or not.
  await sleep(20);
  print(
    crash === null ? "INFO:     Uvicorn running on http://0.0.0.0:8080" : `Traceback: ${crash}`,
  );
  return {
    exited: crash === null ? new Promise(() => undefined) : Promise.resolve(1),
    ports: [],
    stop: async () => undefined,
  };
};

const startRegistry = async (port: number, { state, print }: Surroundings): Promise<Running> => {
  await sleep(20);
  const listener = await openHttpHost(state.registry, (exchange) =>
    answerRegistry(state, exchange),
  );
  print(`[INFO] Listening at: http://0.0.0.0:${port} (1)`);
  return {
    exited: new Promise(() => undefined),
    ports: [{ port, listener }],
    stop: listener.close,
  };
};
