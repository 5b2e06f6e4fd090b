import { randomUUID } from "node:crypto";
import { createReceiver } from "./receiver.ts";
import { createSender } from "./sender.ts";
import { BadFrame, decodeFrame, frameTypes, payloadTypes, type Frame } from "./frame.ts";

export interface SessionResult {
  readonly output: string;
  /** There was more output than the limit; what came later is lost. */
  readonly cut: boolean;
  /** Exit code of the command, from its last line; null where it never came. */
  readonly exitCode: number | null;
}

/** Why a session gave nothing: "encrypted" wants a KMS key of us, "silent" never spoke or stopped to. */
export class SessionFailed extends Error {
  readonly kind: "unreachable" | "silent" | "encrypted" | "closed";

  constructor(kind: SessionFailed["kind"], message: string) {
    super(message);
    this.name = "SessionFailed";
    this.kind = kind;
  }
}

export interface SessionSetting {
  readonly streamUrl: string;
  readonly token: string;
  /** Characters of output that are kept. */
  readonly limit: number;
  /** Milliseconds within which the agent has to begin to speak. */
  readonly patienceMs?: number;
}

/** The command's own last line tells its exit code, which the protocol does not carry for a terminal. */
const exitLine = /(?:^|\r?\n)__RC=(\d{1,3})\r?\n/u;

/** A terminal wide enough that no line of ours is broken. */
const terminalSize = { cols: 4_000, rows: 50 };

/**
 * Speaks one Session Manager session to its end: token, handshake, terminal size, output. Nothing is
 * typed into it. Rejects with SessionFailed, or with the signal's reason.
 */
export async function runSession(
  { streamUrl, token, limit, patienceMs = 6_000 }: SessionSetting,
  signal: AbortSignal,
): Promise<SessionResult> {
  signal.throwIfAborted();
  const socket = new WebSocket(streamUrl);
  socket.binaryType = "arraybuffer";
  const ended = Promise.withResolvers<SessionResult>();
  const fail = (kind: SessionFailed["kind"], message: string): void =>
    ended.reject(new SessionFailed(kind, message));

  let output = "";
  const decoder = new TextDecoder();
  const print = (payload: Uint8Array): void => {
    output += decoder.decode(payload, { stream: true });
    const [, code] = exitLine.exec(output) ?? [];
    if (code !== undefined)
      ended.resolve({ output: output.replace(exitLine, "\n"), cut: false, exitCode: Number(code) });
    else if (output.length > limit)
      ended.resolve({ output: output.slice(0, limit), cut: true, exitCode: null });
  };

  const sender = createSender(
    (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    () => fail("silent", "the agent in the container stopped to acknowledge what it was sent"),
  );
  const take = (frame: Frame): void => {
    switch (frame.payloadType) {
      case payloadTypes.handshakeRequest: {
        clearTimeout(patience);
        const { response, refused } = answerHandshake(frame.payload);
        sender.input(payloadTypes.handshakeResponse, response);
        if (refused !== null) fail("encrypted", refused);
        return;
      }
      case payloadTypes.handshakeComplete:
        sender.input(payloadTypes.size, terminalSize);
        return;
      case payloadTypes.output:
      case payloadTypes.error:
      case payloadTypes.standardError:
        print(frame.payload);
    }
  };
  const receiver = createReceiver((frame) => sender.acknowledge(frame), take);

  const onMessage = ({ data }: MessageEvent): void => {
    const frame = toFrame(data);
    if (frame === null) return;
    if (frame.type === frameTypes.output) receiver.accept(frame);
    else if (frame.type === frameTypes.acknowledge) sender.acknowledged(frame.payload);
    else if (frame.type === frameTypes.closed) fail("closed", closingWords(frame.payload, output));
  };
  const patience = setTimeout(
    () => fail("silent", "the agent in the container did not begin the session"),
    patienceMs,
  );
  const onAbort = (): void => ended.reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.addEventListener("open", () => socket.send(tokenMessage(token)));
  socket.addEventListener("message", onMessage);
  socket.addEventListener("error", () =>
    fail("unreachable", `the session's stream at ${new URL(streamUrl).host} cannot be opened`),
  );
  socket.addEventListener("close", ({ code }) =>
    fail("closed", `the session's stream ended before the command did (code ${code})`),
  );
  try {
    return await ended.promise;
  } finally {
    clearTimeout(patience);
    signal.removeEventListener("abort", onAbort);
    sender.close();
    socket.close();
  }
}

const tokenMessage = (token: string): string =>
  JSON.stringify({
    MessageSchemaVersion: "1.0",
    RequestId: randomUUID(),
    TokenValue: token,
    ClientId: randomUUID(),
    ClientVersion: clientVersion,
  });

/** Agents choose by it what they may ask of us: below 1.1.23 no handshake is made. */
const clientVersion = "1.2.0.0";

/** Null: not a frame, or a damaged one. It is not acknowledged, so the agent sends it again. */
function toFrame(data: unknown): Frame | null {
  if (!(data instanceof ArrayBuffer)) return null;
  try {
    return decodeFrame(new Uint8Array(data));
  } catch (error) {
    if (error instanceof BadFrame) return null;
    throw error;
  }
}

const done = 1;
const unsupported = 3;

/** Every action the agent asks for is answered; what we cannot do is refused in its own words. */
function answerHandshake(payload: Uint8Array): {
  readonly response: object;
  readonly refused: string | null;
} {
  const asked = toObject(payload)["RequestedClientActions"];
  const actions = (Array.isArray(asked) ? asked : []).map((action: unknown) => {
    const type = (action as { ActionType?: unknown } | null)?.ActionType;
    return typeof type === "string" ? type : "";
  });
  const refused = actions.filter((type) => type !== "SessionType");
  const because = (type: string): string => `${type} is not supported`;
  return {
    response: {
      ClientVersion: clientVersion,
      ProcessedClientActions: actions.map((type) => ({
        ActionType: type,
        ActionStatus: refused.includes(type) ? unsupported : done,
        ActionResult: null,
        Error: refused.includes(type) ? because(type) : "",
      })),
      Errors: refused.map(because),
    },
    refused: refused.length === 0 ? null : `the session wants ${refused.join(" and ")} of us`,
  };
}

function closingWords(payload: Uint8Array, output: string): string {
  const said = toObject(payload)["Output"];
  const last = typeof said === "string" && said !== "" ? said : output.trim().split("\n").at(-1);
  return `the session ended before the command did${last ? `: ${last.trim().slice(0, 200)}` : ""}`;
}

function toObject(payload: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
