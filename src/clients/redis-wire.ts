/** RESP2, the serialization protocol of Redis (redis.io), as far as a login, PING and INFO go. */
import type { Socket } from "node:net";

/** What the server answers with "-": its words, "WRONGPASS invalid username-password pair ...". */
export class RedisRefusal extends Error {}

export interface RedisWire {
  /** Sends one command and gives its answer; rejects with RedisRefusal, the socket's error, or the signal's reason. */
  ask(...words: readonly string[]): Promise<string>;
}

/** Speaks on a socket that is open; every socket error ends up in the answer that is waited for. */
export function createRedisWire(socket: Socket, signal: AbortSignal): RedisWire {
  let received = "";
  let ended: Error | null = null;
  let look = (): void => {};
  const end = (error: Error): void => {
    ended ??= error;
    look();
  };
  socket.on("error", end);
  socket.on("close", () => end(new Error("the connection was closed without an answer")));
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    look();
  });
  const abort = (): void => end(signal.reason as Error);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });

  const ask: RedisWire["ask"] = (...words) => {
    if (ended === null) {
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      socket.write(`*${words.length}\r\n${parts.join("")}`);
    }
    return new Promise((resolve, reject) => {
      look = (): void => {
        const answer = readAnswer(received);
        if (answer !== null) {
          received = received.slice(answer.size);
          if (answer.refused) reject(new RedisRefusal(answer.text));
          else resolve(answer.text);
        } else if (ended !== null) reject(ended);
        else return;
        look = () => {};
      };
      look();
    });
  };
  return { ask };
}

interface Answer {
  readonly text: string;
  readonly refused: boolean;
  readonly size: number;
}

/** The first answer in what was received; null while it is incomplete. What is no RESP is a refusal. */
function readAnswer(received: string): Answer | null {
  const lineEnd = received.indexOf("\r\n");
  if (received !== "" && !/^[-+:$]/u.test(received))
    return { text: "the answer is not of Redis", refused: true, size: received.length };
  if (lineEnd < 0) return null;
  const line = received.slice(1, lineEnd);
  if (!received.startsWith("$") || line === "-1")
    return { text: line, refused: received.startsWith("-"), size: lineEnd + 2 };
  const size = lineEnd + 2 + Number(line) + 2;
  if (received.length < size) return null;
  return { text: received.slice(lineEnd + 2, size - 2), refused: false, size };
}
