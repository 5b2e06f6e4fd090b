/** The way from a task definition to a running process, with the failures that AWS reports on it. */
import { setTimeout as sleep } from "node:timers/promises";
import { answerRegistry } from "../peers/registry.ts";
import { openHttpHost } from "../net/http-host.ts";
import { isReachable } from "../net/reachability.ts";
import type { Wires } from "../net/wires.ts";
import { startApi } from "../api/app.ts";
import type { Running, Surroundings } from "../api/program.ts";
import { imageDigest } from "../world/deploy.ts";
import { appendLog } from "../world/state.ts";
import type { ContainerDefinition, Program, Task, WorldState } from "../world/state.ts";

/** Where AWS's own endpoints answer (registry, secrets); the task has to get there on 443. */
const awsAddress = "30.216.1.10";

export class StartFailure extends Error {}

export interface Prepared {
  digest: string;
  environment: Map<string, string>;
  program: Program;
}

/** Pulls image and secrets, opens the log stream. Throws StartFailure with ECS's sentence. */
export const prepareContainer = (
  state: WorldState,
  container: ContainerDefinition,
  address: string,
): Prepared => {
  const trouble = "ResourceInitializationError: unable to pull secrets or registry auth:";
  if (!isReachable(state, address, awsAddress, 443)) {
    throw new StartFailure(
      `${trouble} The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.${state.region}.amazonaws.com/": dial tcp ${awsAddress}:443: i/o timeout`,
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
  const digest = imageDigest(state, container.image);
  const program = digest === undefined ? undefined : state.programs.get(digest);
  if (digest === undefined || program === undefined) {
    throw new StartFailure(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${container.image}: ${container.image}: not found`,
    );
  }
  const group = container.logConfiguration?.options["awslogs-group"];
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
  surroundings.print("INFO [worker] connected to queue hokusai-batch, waiting for jobs");
  return { exited: new Promise(() => undefined), ports: [], stop: async () => undefined };
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
