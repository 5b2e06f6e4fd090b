/**
 * Where the world's addresses really lead: "10.0.4.31:8001" is a loopback port of this process.
 * A port is opened by the process that listens, and follows its mode (stopped, hanging).
 */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessMode, WorldState } from "../world/state.ts";
import { isResolverOn, resolveName } from "./names.ts";
import { sleepAwake } from "./patience.ts";
import { isReachable } from "./reachability.ts";

export interface Listener {
  port: number;
  /** Opens or closes the loopback port as the mode now asks. */
  sync: () => Promise<void>;
  close: () => Promise<void>;
}

/** Listens on loopback; a connection is handed to `accept` while the process runs. */
export const openListener = async (
  mode: () => ProcessMode,
  accept: (socket: Socket) => void,
): Promise<Listener> => {
  const sockets = new Set<Socket>();
  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (mode() === "running" || mode() === "erring") accept(socket);
  };
  let server: Server | null = null;
  let port = 0;
  const open = async (): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const opening = createServer(onConnection);
      server = opening;
      opening.listen(port, "127.0.0.1");
      try {
        await once(opening, "listening");
        const address = opening.address();
        if (address !== null && typeof address === "object") port = address.port;
        return;
      } catch (error) {
        // While it was closed, somebody's connection was given the port as its own end: not for long.
        if ((error as { code?: unknown }).code !== "EADDRINUSE" || attempt >= 60) throw error;
        await sleep(50);
        if (server !== opening) return;
      }
    }
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (closing !== null) await new Promise<void>((resolve) => closing.close(() => resolve()));
  };
  await open();
  const listener: Listener = {
    get port() {
      return port;
    },
    sync: async () => {
      if (mode() === "stopped" && server !== null) await close();
      else if (mode() !== "stopped" && server === null) await open();
    },
    close,
  };
  await listener.sync();
  return listener;
};

export class DialError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Wires {
  add(address: string, port: number, listener: { port: number }): void;
  remove(address: string, port: number): void;
  /** Addresses that people outside may be led to, for the port map: "30.195.12.40:443" to loopback. */
  outside: () => Record<string, string>;
  /** Connects as `from` would: resolves, walks the network, then opens the loopback port. */
  dial(from: string, host: string, port: number, timeoutMs: number): Promise<Socket>;
  /** The world's address of whoever holds this loopback port, for X-Forwarded-For. */
  sourceOf(loopbackPort: number | undefined): string;
  /** Ends what waits for a connection that will never come. */
  close(): void;
}

/** What somebody looks like who is not part of the world, such as the bot. */
const stranger = "30.44.10.7";

/** glibc asks twice and waits five seconds each time. */
const resolverMs = 10_000;

const timedOut = (host: string, port: number, timeoutMs: number): DialError =>
  new DialError("ETIMEDOUT", `connect to ${host}:${port} timed out after ${timeoutMs / 1000}s`);

export const createWires = (state: WorldState): Wires => {
  const ports = new Map<string, { port: number }>();
  const sources = new Map<number, string>();
  const closing = new AbortController();
  const isInside = (address: string): boolean => address.startsWith("10.");
  const dial = async (
    from: string,
    host: string,
    port: number,
    timeoutMs: number,
  ): Promise<Socket> => {
    const isAddress = /^[\d.]+$/.test(host);
    if (!isAddress && isInside(from) && !isResolverOn(state)) {
      await sleepAwake(Math.min(timeoutMs, resolverMs), closing.signal);
      throw timeoutMs < resolverMs
        ? timedOut(host, port, timeoutMs)
        : new DialError("EAI_AGAIN", `${host}: no resolver answers`);
    }
    const address = isAddress ? host : lookUp(state, host, isInside(from));
    const wire = ports.get(`${address}:${port}`);
    if (!isReachable(state, from, address, port)) {
      await sleepAwake(timeoutMs, closing.signal);
      throw timedOut(host, port, timeoutMs);
    }
    if (wire === undefined)
      throw new DialError("ECONNREFUSED", `${host}:${port} refused the connection`);
    const socket = connect(wire.port, "127.0.0.1");
    try {
      await once(socket, "connect");
    } catch {
      throw new DialError("ECONNREFUSED", `${host}:${port} refused the connection`);
    }
    const local = socket.localPort ?? 0;
    sources.set(local, from);
    socket.on("close", () => sources.delete(local));
    return socket;
  };
  return {
    add: (address, port, listener) => void ports.set(`${address}:${port}`, listener),
    remove: (address, port) => void ports.delete(`${address}:${port}`),
    outside: () =>
      Object.fromEntries(
        [...ports]
          .filter(([name]) => !isInside(name))
          .map(([name, listener]) => [name, `127.0.0.1:${listener.port}`]),
      ),
    dial,
    sourceOf: (port) => sources.get(port ?? 0) ?? stranger,
    close: () => closing.abort(),
  };
};

/** The codes are those of getaddrinfo: no such name, no answer for now, a name without an address. */
const lookUp = (state: WorldState, host: string, inside: boolean): string => {
  const found = resolveName(state, host, inside ? "inside" : "outside");
  if (found.code !== "NOERROR") {
    throw found.code === "NXDOMAIN"
      ? new DialError("ENOTFOUND", `${host}: no such name`)
      : new DialError("EAI_AGAIN", `${host}: its name servers fail`);
  }
  const { addresses } = found;
  const chosen = addresses[Math.floor(Math.random() * addresses.length)];
  if (chosen === undefined) throw new DialError("ENODATA", `${host}: a name without an address`);
  return chosen.address;
};
