/** One HTTP request over the world's wires, with a time-out for the connection and one for the answer. */
import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { startPatience } from "./patience.ts";
import { DialError } from "./wires.ts";
import type { Wires } from "./wires.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export const sendRequest = async (input: {
  wires: Wires;
  /** Address of the sender in the world. */
  from: string;
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Authority to trust for https. */
  ca: string;
}): Promise<Answer> => {
  const url = new URL(input.url);
  const secure = url.protocol === "https:";
  const port = Number(url.port || (secure ? 443 : 80));
  const raw = await input.wires.dial(input.from, url.hostname, port, input.timeoutMs);
  return await new Promise<Answer>((resolve, reject) => {
    const stopWaiting = startPatience(input.timeoutMs, () =>
      fail(new DialError("ETIMEDOUT", `${input.url}: no answer in time`)),
    );
    const fail = (error: Error): void => {
      stopWaiting();
      raw.destroy();
      reject(error);
    };
    raw.on("error", fail);
    const stream: Socket = secure
      ? tlsConnect({ socket: raw, servername: url.hostname, ca: input.ca })
      : raw;
    stream.on("error", fail);
    const outgoing = httpRequest({
      method: input.method ?? "GET",
      path: url.pathname + url.search,
      headers: { host: url.host, connection: "close", ...input.headers },
      createConnection: () => stream,
    });
    outgoing.on("error", () =>
      fail(new DialError("ECONNRESET", `${url.host} closed the connection`)),
    );
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", fail);
      incoming.on("end", () => {
        stopWaiting();
        raw.destroy();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.end(input.body);
  });
};
