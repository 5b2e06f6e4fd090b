/** A small Redis 7 (RESP2): the commands that a cache of auth results and a health probe need. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Authority } from "../net/authority.ts";
import { openListener } from "../net/wires.ts";
import type { Listener } from "../net/wires.ts";
import type { WorldState } from "../world/state.ts";

interface Entry {
  value: string;
  expiresAt: number | null;
}

const simple = (text: string): string => `+${text}\r\n`;
const failure = (text: string): string => `-${text}\r\n`;
const bulk = (text: string | null): string =>
  text === null ? "$-1\r\n" : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const number = (value: number): string => `:${value}\r\n`;

/** One command of the buffer as its words, and how many bytes it took; null while it is incomplete. */
const readCommand = (buffer: Buffer): { words: string[]; size: number } | null => {
  const lineEnd = buffer.indexOf("\r\n");
  if (lineEnd < 0) return null;
  const first = buffer.subarray(0, lineEnd).toString();
  if (!first.startsWith("*")) return { words: first.split(" ").filter(Boolean), size: lineEnd + 2 };
  const words: string[] = [];
  let at = lineEnd + 2;
  for (let index = 0; index < Number(first.slice(1)); index += 1) {
    const end = buffer.indexOf("\r\n", at);
    if (end < 0) return null;
    const length = Number(buffer.subarray(at + 1, end).toString());
    if (buffer.length < end + 2 + length + 2) return null;
    words.push(buffer.subarray(end + 2, end + 2 + length).toString());
    at = end + 2 + length + 2;
  }
  return { words, size: at };
};

export const startRedis = async (state: WorldState, authority: Authority): Promise<Listener> => {
  const entries = new Map<string, Entry>();
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt === null || entry.expiresAt > state.now())
      return entry;
    entries.delete(key);
    return undefined;
  };
  const info = (): string =>
    [
      "# Server",
      "redis_version:7.1.0",
      "redis_mode:standalone",
      "# Memory",
      `used_memory:${state.redis.full ? state.redis.maxMemoryBytes : 1_572_864 + entries.size * 256}`,
      `maxmemory:${state.redis.maxMemoryBytes}`,
      `maxmemory_policy:${state.redis.full ? "noeviction" : "volatile-lru"}`,
      "# Keyspace",
      `db0:keys=${entries.size},expires=${entries.size},avg_ttl=240000`,
      "",
    ].join("\r\n");
  /** `AUTH password` or `AUTH user password`; null when it went well. */
  const authenticate = (given: string[], session: { allowed: boolean }): string | null => {
    const user = given.length > 1 ? given[0] : "default";
    session.allowed = user === "default" && given.at(-1) === state.redis.password;
    return session.allowed
      ? null
      : failure("WRONGPASS invalid username-password pair or user is disabled.");
  };
  const hello = (given: string[], session: { allowed: boolean }): string => {
    if (given.length > 0 && given[0] !== "2")
      return failure("NOPROTO unsupported protocol version");
    const at = given.findIndex((word) => word.toUpperCase() === "AUTH");
    const refused = at < 0 ? null : authenticate(given.slice(at + 1, at + 3), session);
    if (refused !== null) return refused;
    if (!session.allowed)
      return failure("NOAUTH HELLO must be called with the client already authenticated.");
    return `*6\r\n${["server", "redis", "version", "7.1.0", "proto"].map(bulk).join("")}${number(2)}`;
  };
  const run = (words: string[], session: { allowed: boolean }): string => {
    const [name = "", ...given] = words;
    const command = name.toUpperCase();
    const [key = "", value = ""] = given;
    if (command === "AUTH") return authenticate(given, session) ?? simple("OK");
    if (command === "HELLO") return hello(given, session);
    if (command === "QUIT") return simple("OK");
    if (!session.allowed) return failure("NOAUTH Authentication required.");
    switch (command) {
      case "PING":
        return given.length > 0 ? bulk(key) : simple("PONG");
      case "SELECT":
      case "CLIENT":
        return simple("OK");
      case "INFO":
        return bulk(info());
      case "GET":
        return bulk(live(key)?.value ?? null);
      case "TTL": {
        const entry = live(key);
        if (entry === undefined) return number(-2);
        return number(
          entry.expiresAt === null ? -1 : Math.ceil((entry.expiresAt - state.now()) / 1000),
        );
      }
      case "EXISTS":
        return number(given.filter((one) => live(one) !== undefined).length);
      case "DBSIZE":
        return number(entries.size);
      case "DEL":
        return number(given.filter((one) => entries.delete(one)).length);
      case "SET":
      case "SETEX": {
        if (state.redis.full)
          return failure("OOM command not allowed when used memory > 'maxmemory'.");
        const ttl =
          command === "SETEX"
            ? Number(value)
            : Number(/^ex$/i.test(given[2] ?? "") ? given[3] : NaN);
        const stored = command === "SETEX" ? (given[2] ?? "") : value;
        entries.set(key, {
          value: stored,
          expiresAt: Number.isNaN(ttl) ? null : state.now() + ttl * 1000,
        });
        return simple("OK");
      }
      default:
        return failure(`ERR unknown command '${name}', with args beginning with: `);
    }
  };
  const accept = (socket: Socket): void => {
    if (state.redis.clientsFull === true) {
      socket.end(failure("ERR max number of clients reached"));
      return;
    }
    if (state.redis.replaced === true) {
      // What a memcached says to words it does not know.
      socket.on("data", () => socket.write("ERROR\r\n"));
      return;
    }
    if (state.redis.encrypted !== true) {
      serve(socket);
      return;
    }
    const secureContext = authority.contextFor("data:redis");
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on("error", () => socket.destroy());
    serve(secure);
  };
  const serve = (socket: Socket): void => {
    const session = { allowed: state.redis.password === "" };
    let buffer: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      if (state.redis.mode === "hanging") return;
      buffer = Buffer.concat([buffer, chunk]);
      for (let command = readCommand(buffer); command !== null; command = readCommand(buffer)) {
        buffer = buffer.subarray(command.size);
        if (command.words.length > 0) {
          socket.write(
            state.redis.mode === "erring"
              ? failure("LOADING Redis is loading the dataset in memory")
              : run(command.words, session),
          );
        }
      }
    });
  };
  return await openListener(() => state.redis.mode, accept);
};
