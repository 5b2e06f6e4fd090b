import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ExecuteCommandCommand,
  type Container,
  type ECSClient,
  type Task,
} from "@aws-sdk/client-ecs";
import type { Service } from "#core/config.ts";
import { FactUnavailable } from "#core/missing.ts";
import type { ContainerView, ExecPort } from "#core/ports/exec.ts";
import type { Redactor } from "#core/redact.ts";
import { codeOf, senseless, type Call } from "../call.ts";
import { present } from "../values.ts";
import { toView } from "./answers.ts";
import { commandLine, noInterpreter } from "./program.ts";
import { runSession, SessionFailed, type SessionResult } from "./session.ts";

export interface ExecSetting {
  /** Describes; the role that reads everything else. */
  readonly reader: ECSClient;
  /** Executes; `role` null: as the reader. */
  readonly executor: (role: string | null) => ECSClient;
  readonly call: Call;
  readonly redactor: Redactor;
}

const action = "ecs:ExecuteCommand";
/** Characters of output that are kept. */
const outputLimit = 16 * 1_024;

/** ECS Exec: see that it can work in this task, one session with the fixed probes, what they said. */
export function createExecPort({ reader, executor, call, redactor }: ExecSetting): ExecPort {
  const describeTask = async (cluster: string, arn: string, signal: AbortSignal): Promise<Task> => {
    const answer = await call("ecs:DescribeTasks", signal, (options) =>
      reader.send(new DescribeTasksCommand({ cluster, tasks: [arn] }), options),
    );
    const [task] = present(answer.tasks);
    if (task === undefined) throw moot("the task is gone", "check again");
    return task;
  };
  const isReadOnly = async (task: Task, name: string, signal: AbortSignal): Promise<boolean> => {
    const answer = await call("ecs:DescribeTaskDefinition", signal, (options) =>
      reader.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
        options,
      ),
    );
    return present(answer.taskDefinition?.containerDefinitions).some(
      (one) => one.name === name && one.readonlyRootFilesystem === true,
    );
  };

  const open = async (
    service: Service,
    by: { readonly task: string; readonly container: string; readonly command: string },
    signal: AbortSignal,
  ): Promise<SessionResult> => {
    const { task, container, command } = by;
    const answer = await call(action, signal, (options) =>
      executor(service.exec?.role ?? null).send(
        new ExecuteCommandCommand({
          cluster: service.ecs.cluster,
          task,
          container,
          command,
          interactive: true,
        }),
        options,
      ),
    ).catch((error: unknown) => {
      throw toNotReady(error);
    });
    const { streamUrl, tokenValue } = answer.session ?? {};
    if (streamUrl === undefined || tokenValue === undefined)
      throw senseless(action, "the answer has no session");
    if (!isSafeStream(streamUrl))
      throw senseless(action, "the session's stream is neither wss:// nor on this machine");
    return runSession({ streamUrl, token: tokenValue, limit: outputLimit }, signal);
  };

  return {
    async look({ service, task: arn, places }, signal) {
      const task = await describeTask(service.ecs.cluster, arn, signal);
      const container = containerOf(task, service);
      const name = container.name ?? "";
      assertReady(task, container, service.ecs.service);
      if (await isReadOnly(task, name, signal)) {
        throw never(
          `the root file system of container ${name} is read-only, and the agent of ECS Exec has to write`,
          "allow writing (readonlyRootFilesystem: false), or look by hand",
        );
      }
      const command = commandLine(service.ecs.port, places);
      const result = await open(service, { task: arn, container: name, command }, signal).catch(
        (error: unknown) => {
          throw error instanceof SessionFailed ? toUnavailable(error, redactor) : error;
        },
      );
      return {
        task: arn.slice(arn.lastIndexOf("/") + 1),
        container: name,
        ...understood(result, name, redactor),
      };
    },
  };
}

/** AWS itself, or a stand-in on this machine. */
function isSafeStream(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  const here = hostname === "localhost" || hostname === "[::1]" || hostname?.startsWith("127.");
  return protocol === "wss:" || (protocol === "ws:" && here === true);
}

function containerOf(task: Task, { ecs, exec }: Service): Container {
  const containers = present(task.containers);
  const wanted = exec?.container ?? ecs.container;
  const found =
    wanted === null
      ? containers.length === 1
        ? containers[0]
        : undefined
      : containers.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw never(
    wanted === null
      ? "the task has several containers, and none is named"
      : `the task has no container ${wanted}`,
    "set exec.container on the service in hokusai.yaml",
  );
}

function assertReady(task: Task, container: Container, service: string): void {
  if (task.enableExecuteCommand !== true) {
    throw never(
      "ECS Exec was not enabled when the task was started",
      `update service ${service} with --enable-execute-command --force-new-deployment, with the four ssmmessages permissions on the task role`,
    );
  }
  const [major = 0, minor = 0] = (task.platformVersion ?? "")
    .split(".")
    .map((part) => Number(part) || 0);
  if (task.launchType === "FARGATE" && major > 0 && (major < 1 || (major === 1 && minor < 4))) {
    throw never(
      `platform version ${task.platformVersion} has no ECS Exec`,
      "deploy on platform version 1.4.0 or later",
    );
  }
  const agent = present(container.managedAgents).find(({ name }) => name === "ExecuteCommandAgent");
  if (agent?.lastStatus !== "RUNNING") {
    throw new FactUnavailable({
      reason: "not-applicable",
      detail: `the agent of ECS Exec is ${agent?.lastStatus ?? "not there"}${agent?.reason === undefined ? "" : ` (${agent.reason})`}`,
      mend: "give the task role ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel, OpenDataChannel, and the task a way to ssmmessages on 443",
      availability: "lost",
    });
  }
}

/** Between what DescribeTasks says and the session the agent may go; AWS then has its own words. */
function toNotReady(error: unknown): unknown {
  const code = codeOf(error instanceof FactUnavailable ? error.cause : error);
  if (code === "TargetNotConnectedException") {
    return lost(
      `${action}: AWS does not reach the agent in the container`,
      "check again; where it stays, see the task's way to ssmmessages on 443 and the task role",
    );
  }
  if (code === "InvalidParameterException" && error instanceof FactUnavailable)
    return lost(error.missing.detail, "start a new task with ECS Exec enabled, and check again");
  return error;
}

function toUnavailable({ kind, message }: SessionFailed, redactor: Redactor): FactUnavailable {
  const said = redactor.text(message).replace(/\s+/gu, " ");
  switch (kind) {
    case "encrypted":
      return never(
        `${said}: sessions that are encrypted with a KMS key are refused`,
        "look by hand with aws ecs execute-command, or take kmsKeyId out of the cluster's executeCommandConfiguration",
      );
    case "unreachable":
      return lost(said, "let the bot out to ssmmessages.<region>.amazonaws.com on 443");
    case "silent":
      return lost(said, "check again; where it stays, restart the task");
    case "closed":
      return lost(
        said,
        "look by hand with aws ecs execute-command; an image without /bin/sh ends so",
      );
  }
}

function understood(
  { output, cut, exitCode }: SessionResult,
  container: string,
  redactor: Redactor,
): Pick<ContainerView, "places" | "own"> {
  const text = redactor.text(output);
  if (text.includes(noInterpreter)) {
    throw never(
      `cannot tell: no interpreter, container ${container} has no python`,
      "look by hand with aws ecs execute-command",
    );
  }
  if (cut)
    throw lost(
      `the probes wrote more than ${outputLimit} characters`,
      "report it with the run's id",
    );
  const view = toView(text);
  if (view.own === null && Object.values(view.places).every((place) => place === null)) {
    const last = text.trim().split("\n").at(-1)?.trim().slice(0, 160) ?? "";
    throw lost(
      `the probes ended with code ${exitCode} and said nothing${last === "" ? "" : `: ${last}`}`,
      "report it with the run's id",
    );
  }
  return view;
}

const unavailable =
  (availability: "lost" | "never" | "moot", reason: "broken" | "not-applicable") =>
  (detail: string, mend: string): FactUnavailable =>
    new FactUnavailable({ reason, detail, mend, availability });
const lost = unavailable("lost", "broken");
const never = unavailable("never", "not-applicable");
const moot = unavailable("moot", "not-applicable");
