/** The app's view of the deployed_models table, over Postgres' wire protocol. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { startPatience } from "../net/patience.ts";
import { DialError } from "../net/wires.ts";
import type { Wires } from "../net/wires.ts";
import { nameErrorOf } from "./name-errors.ts";

const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const message = (type: string, body: string): Buffer =>
  Buffer.concat([Buffer.from(type), int32(Buffer.byteLength(body) + 4), Buffer.from(body)]);

/** Rows of a query, each value as text. Throws DialError with the server's sentence. */
export const queryTable = async (
  wires: Wires,
  from: string,
  databaseUrl: string,
  sql: string,
  timeoutMs: number,
): Promise<(string | null)[][]> => {
  const url = new URL(databaseUrl);
  const plain = await wires
    .dial(from, url.hostname, Number(url.port || 5432), timeoutMs)
    .catch((error: unknown) => {
      throw inWordsOfLibpq(error, url.hostname);
    });
  let socket = plain;
  const stopWaiting = startPatience(timeoutMs, () =>
    socket.destroy(new DialError("ETIMEDOUT", "timeout expired")),
  );
  try {
    if (url.searchParams.get("sslmode") === "require") socket = await encrypted(plain, url);
    const startup = `user\0${url.username}\0database\0${url.pathname.slice(1)}\0\0`;
    socket.write(Buffer.concat([int32(startup.length + 8), int32(196_608), Buffer.from(startup)]));
    const rows: (string | null)[][] = [];
    let buffer: Buffer = Buffer.alloc(0);
    for (let asked = false; ;) {
      if (buffer.length < 5 || buffer.length < 1 + buffer.readInt32BE(1)) {
        const [chunk] = (await Promise.race([
          once(socket, "data"),
          once(socket, "close").then(() => {
            throw new DialError("ECONNRESET", "server closed the connection unexpectedly");
          }),
        ])) as [Buffer];
        buffer = Buffer.concat([buffer, chunk]);
        continue;
      }
      const type = String.fromCharCode(buffer[0] ?? 0);
      const size = 1 + buffer.readInt32BE(1);
      const body = buffer.subarray(5, size);
      buffer = buffer.subarray(size);
      if (type === "E") {
        const sentence = body
          .toString()
          .split("\0")
          .find((field) => field.startsWith("M"));
        throw new DialError("EREPLY", sentence?.slice(1) ?? "unknown error");
      }
      if (type === "R" && body.readInt32BE(0) === 3)
        socket.write(message("p", `${url.password}\0`));
      if (type === "D") rows.push(toRow(body));
      if (type !== "Z") continue;
      if (asked) return rows;
      asked = true;
      socket.write(message("Q", `${sql}\0`));
    }
  } finally {
    stopWaiting();
    socket.destroy();
  }
};

const inWordsOfLibpq = (error: unknown, host: string): unknown => {
  const name = nameErrorOf(error);
  if (name === null) return error;
  return new DialError(
    (error as DialError).code,
    `could not translate host name "${host}" to address: ${name.text}`,
  );
};

/** As libpq does with sslmode=require: encrypted or not at all, whoever the server is. */
const encrypted = async (plain: Socket, { hostname, port }: URL): Promise<Socket> => {
  plain.write(Buffer.concat([int32(8), int32(80_877_103)]));
  const [answer] = (await Promise.race([
    once(plain, "data"),
    once(plain, "close").then(() => {
      throw new DialError("ECONNRESET", "server closed the connection unexpectedly");
    }),
  ])) as [Buffer];
  if (answer.toString() !== "S") {
    const place = `connection to server at "${hostname}", port ${port || "5432"} failed`;
    throw new DialError("EREPLY", `${place}: server does not support SSL, but SSL was required`);
  }
  const secure = connectTls({ socket: plain, rejectUnauthorized: false });
  // Whoever waits for it hears of an error; later nobody does.
  secure.on("error", () => undefined);
  await once(secure, "secureConnect");
  return secure;
};

const toRow = (body: Buffer): (string | null)[] => {
  const values: (string | null)[] = [];
  for (let at = 2, left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : body.subarray(at, at + length).toString());
    at += Math.max(0, length);
  }
  return values;
};
