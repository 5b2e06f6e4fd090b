/** An HTTP or HTTPS server behind a listener, so that a process can stop or hang while its port is known. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { SecureContext } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import type { Process } from "../world/state.ts";
import { openListener } from "./wires.ts";
import type { Listener } from "./wires.ts";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: string;
  url: URL;
}

/** Loopback port of whoever called, which tells where in the world they are. */
const callers = new WeakMap<object, number>();
export const callerPort = (request: IncomingMessage): number | undefined =>
  callers.get(request.socket) ?? request.socket.remotePort;

export const openHttpHost = async (
  process: Pick<Process, "mode" | "delayMs">,
  handle: (exchange: Exchange) => Promise<void> | void,
  secure?: (serverName: string | undefined) => SecureContext,
): Promise<Listener> => {
  const closing = new AbortController();
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (process.delayMs > 0) await sleep(process.delayMs, undefined, { signal: closing.signal });
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "unknown"}`);
    await handle({ request, response, body: Buffer.concat(chunks).toString(), url });
  };
  const server = createServer((request, response) => {
    // A caller that goes away in the middle ends its exchange, nothing else.
    respond(request, response).catch(() => request.socket.destroy());
  });
  const listener = await openListener(
    () => process.mode,
    (socket) => {
      if (secure === undefined) {
        server.emit("connection", socket);
        return;
      }
      const stream = new TLSSocket(socket, {
        isServer: true,
        secureContext: secure(undefined),
        ALPNProtocols: ["http/1.1"],
        SNICallback: (name, done) => done(null, secure(name)),
      });
      if (socket.remotePort !== undefined) callers.set(stream, socket.remotePort);
      stream.on("error", () => socket.destroy());
      server.emit("connection", stream);
    },
  );
  return {
    get port() {
      return listener.port;
    },
    sync: listener.sync,
    close: async () => {
      closing.abort();
      await listener.close();
    },
  };
};

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};
