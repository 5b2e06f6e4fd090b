/** ecs:ExecuteCommand, and the agents that its sessions lead to: WebSockets on the server's own port. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Loopback } from "../../loopback.ts";
import { acceptWebSocket } from "../../net/websocket.ts";
import type { Connection } from "../../net/websocket.ts";
import type { Inside } from "../../runtime/inside.ts";
import { hexId } from "../../world/state.ts";
import type { WorldState } from "../../world/state.ts";
import { flag, optionalText, requiredText } from "../call.ts";
import type { Operations } from "../call.ts";
import { clusterOf, invalidParameter } from "../ecs/lookup.ts";
import { AwsError } from "../error.ts";
import { createChannel } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { runCommand, StartError } from "./command.ts";
import { payloads } from "./frame.ts";

export interface ExecSessions {
  operations: Operations;
  listenOn(loopback: Loopback): void;
  stop(): void;
}

interface Session {
  token: string;
  command: string;
  inside: Inside;
}

const notEnabled =
  "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.";

export const createExecSessions = (
  state: WorldState,
  insideOf: (taskId: string) => Inside | undefined,
): ExecSessions => {
  const sessions = new Map<string, Session>();
  const open = new Set<{ connection: Connection; channel: Channel }>();
  let origin = "";

  const operations: Operations = {
    ExecuteCommand: (call) => {
      const cluster = clusterOf(call);
      const wanted = requiredText(call, "task");
      const command = requiredText(call, "command");
      if (!flag(call, "interactive"))
        throw invalidParameter("Interactive is the only mode supported currently.");
      const task = call.state.ecs.tasks.find(
        (one) => one.clusterArn === cluster.arn && (one.arn === wanted || one.id === wanted),
      );
      if (task === undefined) throw invalidParameter("The task provided was not found.");
      if (task.lastStatus !== "RUNNING")
        throw invalidParameter("The task provided is not in a running state.");
      const name = optionalText(call, "container") ?? task.containers[0]?.name;
      if (!task.containers.some((one) => one.name === name))
        throw invalidParameter("The container provided was not found in the task.");
      if (!task.enableExecuteCommand || call.state.exec.status !== "RUNNING")
        throw invalidParameter(notEnabled);
      const inside = call.state.exec.connected ? insideOf(task.id) : undefined;
      if (inside === undefined) {
        throw new AwsError(
          "TargetNotConnectedException",
          "The execute command failed due to an internal error. Try again later.",
        );
      }
      const sessionId = `ecs-execute-command-0${hexId(16)}`;
      const token = randomBytes(96).toString("base64");
      sessions.set(sessionId, { token, command, inside });
      return {
        clusterArn: cluster.arn,
        taskArn: task.arn,
        containerArn: `${task.arn.replace(":task/", ":container/")}/${task.id}-${name}`,
        containerName: name,
        interactive: true,
        session: {
          sessionId,
          streamUrl: `${origin}/v1/data-channel/${sessionId}?role=publish_subscribe`,
          tokenValue: token,
        },
      };
    },
  };

  const upgrade = (request: IncomingMessage, socket: Duplex): void => {
    const id = /^\/v1\/data-channel\/([\w-]+)/.exec(request.url ?? "")?.[1] ?? "";
    const session = sessions.get(id);
    // One client a session.
    if (session === undefined || !sessions.delete(id)) {
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      return;
    }
    const channel = createChannel(
      state.exec.wire,
      (bytes) => connection.sendBinary(bytes),
      (frame) => agent.input(frame),
    );
    const agent = createAgent(state, session, channel);
    const connection: Connection = acceptWebSocket(request, socket, {
      onText: (text) => {
        const { TokenValue: given } = JSON.parse(text) as { TokenValue?: string };
        if (given !== session.token) connection.close();
        else if (!state.exec.silent) agent.begin();
      },
      onBinary: (bytes) => channel.receive(bytes),
      onClose: () => {
        channel.end();
        open.delete(both);
      },
    });
    const both = { connection, channel };
    open.add(both);
  };

  return {
    operations,
    listenOn: ({ server, origin: http }) => {
      origin = http.replace(/^http/, "ws");
      server.on("upgrade", upgrade);
    },
    stop: () => {
      for (const { connection, channel } of open) {
        channel.end();
        connection.drop();
      }
    },
  };
};

const pieceBytes = 1_024;

/** What the agent does with a session: asks for the handshake, then starts the command and ends with it. */
const createAgent = (state: WorldState, session: Session, channel: Channel) => {
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const { kmsKeyId, chatter } = state.exec;
  const print = (line: string): void => {
    const bytes = Buffer.from(`${line}\r\n`);
    for (let at = 0; at < bytes.length; at += pieceBytes)
      channel.output(payloads.output, bytes.subarray(at, at + pieceBytes));
  };
  const work = async (): Promise<void> => {
    if (chatter > 0) print(".".repeat(chatter));
    let last = "";
    try {
      await runCommand(session.command, session.inside, state.exec, print);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      last = error.message;
    }
    await channel.settled();
    channel.close(last);
  };
  const shakenHands = (payload: Buffer): void => {
    const { Errors: errors = [] } = JSON.parse(payload.toString()) as { Errors?: string[] };
    if (errors.length > 0) {
      channel.close(errors.join("; "));
      return;
    }
    channel.output(
      payloads.complete,
      json({ HandshakeTimeToComplete: 41_000_000, CustomerMessage: "" }),
    );
    void work().catch((error: unknown) => channel.close(String(error)));
  };
  return {
    begin: () =>
      channel.output(
        payloads.request,
        json({
          AgentVersion: "3.3.1611.0",
          RequestedClientActions: [
            {
              ActionType: "SessionType",
              ActionParameters: { SessionType: "InteractiveCommands", Properties: {} },
            },
            ...(kmsKeyId === null
              ? []
              : [{ ActionType: "KMSEncryption", ActionParameters: { KMSKeyId: kmsKeyId } }]),
          ],
        }),
      ),
    input: ({ payloadType, payload }: { payloadType: number; payload: Buffer }) => {
      if (payloadType === payloads.response) shakenHands(payload);
    },
  };
};
