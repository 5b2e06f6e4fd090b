import { once } from "node:events";
import { ECSClient, ExecuteCommandCommand } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import type { Inside } from "../../../src/sandbox/runtime/inside.ts";
import { startAwsServer } from "../../../src/sandbox/aws/server.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import type { Task, WorldState } from "../../../src/sandbox/world/state.ts";

const cluster = "hokusai-development";
const inside = {} as Inside;

async function start(change: (state: WorldState, task: Task) => void = () => undefined) {
  const state = createWorldState();
  const task = state.ecs.tasks.find(({ group }) => group === "service:hokusai-api-development");
  if (task === undefined) throw new Error("the world has no API task");
  change(state, task);
  const server = await startAwsServer(state, { inside: () => inside });
  const ecs = new ECSClient({
    region: state.region,
    endpoint: server.url,
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" },
    maxAttempts: 1,
  });
  const execute = (input: object = {}) =>
    ecs.send(
      new ExecuteCommandCommand({
        cluster,
        task: task.arn,
        command: "ls",
        interactive: true,
        ...input,
      }),
    );
  const close = async (): Promise<void> => {
    ecs.destroy();
    await server.close();
  };
  return { task, execute, close };
}

describe("ExecuteCommand", () => {
  it("opens a session with a stream and a token", async () => {
    const { task, execute, close } = await start();
    const answer = await execute();
    await close();
    expect(answer).toMatchObject({ taskArn: task.arn, containerName: "hokusai-api" });
    expect(answer.session?.sessionId).toMatch(/^ecs-execute-command-0[0-9a-f]{16}$/u);
    expect(answer.session?.streamUrl).toContain(`/v1/data-channel/${answer.session?.sessionId}`);
    expect(answer.session?.tokenValue?.length).toBeGreaterThan(100);
  });

  type Change = Parameters<typeof start>[0];
  const refusals: readonly (readonly [string, Change, object, string, RegExp])[] = [
    [
      "a task that was started without it",
      (_, task) => void (task.enableExecuteCommand = false),
      {},
      "InvalidParameterException",
      /^The execute command failed because execute command was not enabled when the task was run/u,
    ],
    [
      "an agent that does not run",
      (state) => void (state.exec.status = "STOPPED"),
      {},
      "InvalidParameterException",
      /the execute command agent isn’t running/u,
    ],
    [
      "an agent that is out of reach",
      (state) => void (state.exec.connected = false),
      {},
      "TargetNotConnectedException",
      /^The execute command failed due to an internal error/u,
    ],
    [
      "a caller who may not",
      (state) => void state.controlPlane.deniedActions.add("ecs:ExecuteCommand"),
      {},
      "AccessDeniedException",
      /not authorized to perform: ecs:ExecuteCommand on resource: arn:aws:ecs:.*:task\//u,
    ],
    [
      "a task that stopped",
      (_, task) => void (task.lastStatus = "STOPPED"),
      {},
      "InvalidParameterException",
      /not in a running state/u,
    ],
    ["a task nobody knows", undefined, { task: "0" }, "InvalidParameterException", /not found/u],
    ["a container", undefined, { container: "x" }, "InvalidParameterException", /not found/u],
    [
      "a session without a terminal",
      undefined,
      { interactive: false },
      "InvalidParameterException",
      /Interactive is the only mode/u,
    ],
    [
      "a cluster nobody knows",
      undefined,
      { cluster: "x" },
      "ClusterNotFoundException",
      /Cluster not found/u,
    ],
  ];
  it.each(refusals)("refuses %s as AWS does", async (_, change, input, name, message) => {
    const { execute, close } = await start(change);
    await expect(execute(input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
    await close();
  });

  it("lets one client in, and none with another token", async () => {
    const { execute, close } = await start();
    const { session } = await execute();
    const first = new WebSocket(session?.streamUrl ?? "");
    await once(first, "open");
    const second = new WebSocket(session?.streamUrl ?? "");
    await once(second, "error");
    const closed = once(first, "close");
    first.send(JSON.stringify({ MessageSchemaVersion: "1.0", TokenValue: "another" }));
    await closed;
    expect([first.readyState, second.readyState]).toEqual([WebSocket.CLOSED, WebSocket.CLOSED]);
    await close();
  });
});
