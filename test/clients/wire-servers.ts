/** Just enough of two wire protocols to misbehave in: RESP2 and PostgreSQL 3.0. */
import type { Socket } from "node:net";
import { tcp, tls, type Issued, type Running } from "./probe/servers.ts";

export interface RedisScript {
  readonly password?: string;
  readonly silent?: boolean;
  readonly closes?: boolean;
  /** Text of INFO; null refuses it. */
  readonly info?: string | null;
}

export function redisServer(script: RedisScript, issued?: Issued): Promise<Running> {
  const serve = (socket: Socket): void => {
    let entered = script.password === undefined;
    let buffer = "";
    socket.on("data", (chunk) => {
      if (script.silent === true) return;
      if (script.closes === true) return void socket.destroy();
      if (buffer === "" && chunk[0] !== 0x2a) return void socket.end("-ERR Protocol error\r\n");
      buffer += chunk.toString("utf8");
      for (let words = readCommand(); words !== null; words = readCommand())
        socket.write(answer(words));
    });
    const readCommand = (): string[] | null => {
      const head = /^\*(\d+)\r\n/u.exec(buffer);
      if (head === null) return null;
      let rest = buffer.slice(head[0].length);
      const words: string[] = [];
      for (let index = 0; index < Number(head[1]); index += 1) {
        const size = /^\$(\d+)\r\n/u.exec(rest);
        if (size === null) return null;
        words.push(rest.slice(size[0].length, size[0].length + Number(size[1])));
        rest = rest.slice(size[0].length + Number(size[1]) + 2);
      }
      buffer = rest;
      return words;
    };
    const answer = ([name = "", ...words]: readonly string[]): string => {
      if (name.toUpperCase() === "AUTH") {
        entered = words.at(-1) === script.password;
        return entered
          ? "+OK\r\n"
          : "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
      }
      if (!entered) return "-NOAUTH Authentication required.\r\n";
      if (name.toUpperCase() === "PING") return "+PONG\r\n";
      if (name.toUpperCase() !== "INFO") return "+OK\r\n";
      if (script.info === null)
        return "-NOPERM this user has no permissions to run the 'info' command\r\n";
      const text = script.info ?? "used_memory:1\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n";
      return `$${text.length}\r\n${text}\r\n`;
    };
  };
  return issued === undefined ? tcp(serve) : tls(issued, serve);
}

export interface PostgresScript {
  readonly password?: string;
  readonly silent?: boolean;
  readonly closes?: boolean;
  /** SQLSTATE instead of a session. */
  readonly failLogin?: string;
  /** SQLSTATE for each SELECT. */
  readonly failQuery?: string;
  readonly rows?: readonly (readonly string[])[];
  /** Filled with what was asked. */
  readonly statements?: string[];
}

const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const int16 = (value: number): Buffer => int32(value).subarray(2);
const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const problem = (code: string): Buffer =>
  message("E", text("SERROR"), text(`C${code}`), text(`Mfailed with ${code}`), Buffer.from([0]));
const ready = message("Z", Buffer.from("I"));

export function postgresServer(script: PostgresScript): Promise<Running> {
  return tcp((socket) => {
    let buffer = Buffer.alloc(0);
    let started = false;
    let asked = "";
    const greet = (): void => {
      socket.write(
        Buffer.concat([
          message("R", int32(0)),
          message("S", text("server_version"), text("15.0")),
          ready,
        ]),
      );
    };
    socket.on("data", (chunk: Buffer) => {
      if (script.silent === true) return;
      if (script.closes === true) return void socket.destroy();
      buffer = Buffer.concat([buffer, chunk]);
      for (;;) {
        const head = started ? 1 : 0;
        if (buffer.length < head + 4) return;
        const size = buffer.readInt32BE(head);
        if (buffer.length < head + size) return;
        const type = started ? String.fromCharCode(buffer[0] ?? 0) : "";
        const body = buffer.subarray(head + 4, head + size);
        buffer = buffer.subarray(head + size);
        receive(type, body);
      }
    });
    const receive = (type: string, body: Buffer): void => {
      if (type === "" && body.readInt32BE(0) === 80_877_103) return void socket.write("N");
      if (type === "") {
        started = true;
        if (script.failLogin !== undefined) return void socket.end(problem(script.failLogin));
        if (script.password !== undefined) return void socket.write(message("R", int32(3)));
        return greet();
      }
      if (type === "p")
        return body.toString("utf8").slice(0, -1) === script.password
          ? greet()
          : void socket.end(problem("28P01"));
      if (type === "Q") {
        script.statements?.push(body.toString("utf8").slice(0, -1));
        socket.write(Buffer.concat([message("C", text("OK")), ready]));
      }
      if (type === "P") {
        asked = body.toString("utf8").split("\0")[1] ?? "";
        script.statements?.push(asked);
      }
      if (type === "S") answer();
    };
    const answer = (): void => {
      if (script.failQuery !== undefined)
        return void socket.write(Buffer.concat([problem(script.failQuery), ready]));
      const columns = ["id", "model_id", "status"].map((name) =>
        Buffer.concat([text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
      );
      const rows = (script.rows ?? []).map((row) =>
        message(
          "D",
          int16(row.length),
          ...row.flatMap((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)]),
        ),
      );
      socket.write(
        Buffer.concat([
          message("1"),
          message("2"),
          message("T", int16(3), ...columns),
          ...rows,
          message("C", text("SELECT")),
          ready,
        ]),
      );
    };
  });
}
