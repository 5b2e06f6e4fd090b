import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { parseJson, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";
import { acceptWebSocket } from "../net/websocket.ts";
import type { Connection } from "../net/websocket.ts";
import { APP_ID } from "./workspace.ts";

export type EnvelopeType = "slash_commands" | "events_api" | "interactive";

export interface SocketMode {
  /** Open connections; each event goes to one of them. */
  readonly connections: number;
  /** What apps.connections.open answers; `base` is "ws://127.0.0.1:port". */
  newUrl(base: string): string;
  /** Takes an HTTP upgrade; refuses tickets that it did not give or that were used. */
  upgrade(request: IncomingMessage, socket: Duplex): void;
  /** Resolves with the payload of the acknowledgement, null when none came in time. */
  deliver(
    type: EnvelopeType,
    payload: Json,
    retry: Json,
    withinMs: number,
  ): Promise<{ readonly payload: unknown } | null>;
  /** Asks every client to connect again, as Slack does from time to time. */
  refresh(): void;
  /** Cuts every connection without a word. */
  drop(): void;
  stop(): void;
}

/** Slack pings; the client gives up a connection that stays silent for 30 s. */
const PING_EVERY_MS = 10_000;

export function createSocketMode(): SocketMode {
  const tickets = new Set<string>();
  const open = new Set<Connection>();
  const waiting = new Map<string, (payload: unknown) => void>();
  let next = 0;
  const pings = setInterval(() => {
    for (const connection of open) connection.ping();
  }, PING_EVERY_MS);
  pings.unref();

  const received = (text: string): void => {
    const message = toObject(parseJson(text));
    const id = toText(message["envelope_id"]);
    waiting.get(id)?.(message["payload"]);
    waiting.delete(id);
  };

  return {
    get connections() {
      return open.size;
    },
    newUrl(base) {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${base}/link/?ticket=${ticket}&app_id=${APP_ID}`;
    },
    upgrade(request, socket) {
      const ticket = new URL(request.url ?? "/", "ws://127.0.0.1").searchParams.get("ticket") ?? "";
      if (!tickets.delete(ticket) || open.size >= 10) {
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
        return;
      }
      const connection: Connection = acceptWebSocket(request, socket, {
        onText: received,
        onClose: () => open.delete(connection),
      });
      open.add(connection);
      connection.send(
        JSON.stringify({
          type: "hello",
          num_connections: open.size,
          connection_info: { app_id: APP_ID },
          debug_info: { host: "sandbox", approximate_connection_time: 18_060 },
        }),
      );
    },
    deliver(type, payload, retry, withinMs) {
      const connection = [...open][next++ % Math.max(1, open.size)];
      if (connection === undefined) return Promise.resolve(null);
      const id = randomUUID();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          resolve(null);
        }, withinMs);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve({ payload: answer });
        });
        connection.send(
          JSON.stringify({
            envelope_id: id,
            type,
            accepts_response_payload: type !== "events_api",
            payload,
            ...retry,
          }),
        );
      });
    },
    refresh() {
      for (const connection of open) {
        connection.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
      }
    },
    drop() {
      for (const connection of open) connection.drop();
    },
    stop() {
      clearInterval(pings);
      for (const resolve of waiting.values()) resolve(undefined);
      waiting.clear();
      for (const connection of open) connection.drop();
    },
  };
}
