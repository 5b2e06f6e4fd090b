/** The app's Redis client: one connection a command, as redis-py without a pool would behave. */
import { once } from "node:events";
import { startPatience } from "../net/patience.ts";
import { DialError } from "../net/wires.ts";
import type { Wires } from "../net/wires.ts";

const encode = (words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;

export interface CacheAddress {
  host: string;
  port: number;
  password: string;
}

/** From REDIS_URL, or from REDIS_HOST, REDIS_PORT and REDIS_PASSWORD. */
export const cacheAddressFrom = (environment: ReadonlyMap<string, string>): CacheAddress | null => {
  const url = environment.get("REDIS_URL");
  if (url !== undefined) {
    const parsed = new URL(url);
    return { host: parsed.hostname, port: Number(parsed.port || 6379), password: parsed.password };
  }
  const host = environment.get("REDIS_HOST");
  const port = environment.get("REDIS_PORT");
  if (host === undefined || port === undefined) return null;
  return { host, port: Number(port), password: environment.get("REDIS_PASSWORD") ?? "" };
};

/** The last reply's text; null for a nil bulk. Throws DialError, or the server's own error text. */
export const runCacheCommand = async (
  wires: Wires,
  from: string,
  address: CacheAddress,
  words: string[],
  timeoutMs: number,
): Promise<string | null> => {
  const socket = await wires.dial(from, address.host, address.port, timeoutMs);
  const stopWaiting = startPatience(timeoutMs, () =>
    socket.destroy(new DialError("ETIMEDOUT", "Timeout reading from socket")),
  );
  try {
    const commands = address.password === "" ? [words] : [["AUTH", address.password], words];
    socket.write(commands.map(encode).join(""));
    let text = "";
    for (let at = 0, left = commands.length; ;) {
      const reply = readReply(text, at);
      if (reply === null) {
        const [chunk] = (await Promise.race([
          once(socket, "data"),
          once(socket, "close").then(() => {
            throw new DialError("ECONNRESET", "Connection closed by server.");
          }),
        ])) as [Buffer];
        text += chunk.toString();
        continue;
      }
      if (reply.error !== null) throw new DialError("EREPLY", reply.error);
      left -= 1;
      if (left === 0) return reply.value;
      at = reply.end;
    }
  } finally {
    stopWaiting();
    socket.destroy();
  }
};

const readReply = (
  text: string,
  at: number,
): { value: string | null; error: string | null; end: number } | null => {
  const lineEnd = text.indexOf("\r\n", at);
  if (lineEnd < 0) return null;
  const line = text.slice(at + 1, lineEnd);
  if (!"+-:$".includes(text[at] ?? ""))
    return { value: null, error: `Protocol Error: ${text[at] ?? ""}${line}`, end: lineEnd + 2 };
  if (text[at] === "-") return { value: null, error: line, end: lineEnd + 2 };
  if (text[at] !== "$") return { value: line, error: null, end: lineEnd + 2 };
  if (line === "-1") return { value: null, error: null, end: lineEnd + 2 };
  const end = lineEnd + 2 + Number(line);
  if (text.length < end + 2) return null;
  return { value: text.slice(lineEnd + 2, end), error: null, end: end + 2 };
};
