/**
 * A small Postgres: version 3 of its wire protocol, simple and extended queries, and one table,
 * deployed_models, whose rows are the world's. Anything it cannot read is a syntax error, as there.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Authority } from "../net/authority.ts";
import { openListener } from "../net/wires.ts";
import type { Listener } from "../net/wires.ts";
import type { WorldState } from "../world/state.ts";
import { runSql, SqlError } from "./sql.ts";
import type { SqlResult } from "./sql.ts";

const message = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int16 = (value: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
};
const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const errorResponse = (code: string, sentence: string, severity = "ERROR"): Buffer =>
  message(
    "E",
    text(`S${severity}`),
    text(`V${severity}`),
    text(`C${code}`),
    text(`M${sentence}`),
    Buffer.from([0]),
  );

const rowDescription = (result: SqlResult): Buffer =>
  message(
    "T",
    int16(result.columns.length),
    ...result.columns.map(({ name, type }) =>
      Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
    ),
  );

const dataRows = (result: SqlResult): Buffer[] =>
  result.rows.map((row) =>
    message(
      "D",
      int16(row.length),
      ...row.flatMap((value) =>
        value === null ? [int32(-1)] : [int32(Buffer.byteLength(value)), Buffer.from(value)],
      ),
    ),
  );

interface Session {
  started: boolean;
  allowed: boolean;
  user: string;
  transaction: "I" | "T" | "E";
  statements: Map<string, string>;
  portal: { sql: string; values: (string | null)[] } | null;
  /** After an error in the extended protocol everything is skipped until Sync. */
  skipping: boolean;
}

export const startDatabase = async (state: WorldState, authority: Authority): Promise<Listener> =>
  await openListener(
    () => state.database.mode,
    (socket) => greet(state, authority, socket),
  );

const sslRequest = 80_877_103;

/** An SSLRequest comes before anything else, alone; whoever sends none goes on in the clear. */
const greet = (state: WorldState, authority: Authority, socket: Socket): void => {
  socket.once("data", (first) => {
    if (state.database.mode === "hanging") return;
    const asksForTls = first.length === 8 && first.readInt32BE(4) === sslRequest;
    if (!asksForTls || state.database.tlsOff === true) {
      serve(state, socket);
      socket.emit("data", first);
      return;
    }
    socket.write("S");
    const secureContext = authority.contextFor("data:database");
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on("error", () => socket.destroy());
    serve(state, secure);
  });
};

const serve = (state: WorldState, socket: Socket): void => {
  const session: Session = {
    started: false,
    allowed: false,
    user: "",
    transaction: "I",
    statements: new Map(),
    portal: null,
    skipping: false,
  };
  let buffer: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    if (state.database.mode === "hanging") return;
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const offset = session.started ? 1 : 0;
      if (buffer.length < offset + 4) return;
      const size = offset + buffer.readInt32BE(offset);
      if (buffer.length < size) return;
      const type = session.started ? String.fromCharCode(buffer[0] ?? 0) : "startup";
      const body = buffer.subarray(offset + 4, size);
      buffer = buffer.subarray(size);
      handle(state, socket, session, type, body);
    }
  });
};

const strings = (body: Buffer): string[] => body.toString().split("\0");

const ready = (session: Session): Buffer => message("Z", Buffer.from(session.transaction));

const welcome = (session: Session): Buffer =>
  Buffer.concat([
    message("R", int32(0)),
    ...[
      ["server_version", "16.4"],
      ["client_encoding", "UTF8"],
      ["server_encoding", "UTF8"],
      ["TimeZone", "UTC"],
      ["integer_datetimes", "on"],
      ["standard_conforming_strings", "on"],
    ].map(([name = "", value = ""]) => message("S", text(name), text(value))),
    message("K", int32(4242), int32(4242)),
    ready(session),
  ]);

const start = (state: WorldState, socket: Socket, session: Session, body: Buffer): void => {
  const version = body.readInt32BE(0);
  // SSLRequest and GSSENCRequest are answered with "no"; the client goes on in the clear.
  if (version === sslRequest || version === 80_877_104) {
    socket.write("N");
    return;
  }
  if (version === 80_877_102) {
    socket.end();
    return;
  }
  const words = strings(body.subarray(4));
  const given = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) given.set(words[at] ?? "", words[at + 1] ?? "");
  session.started = true;
  session.user = given.get("user") ?? "";
  if (state.database.mode === "erring") {
    socket.end(errorResponse("57P03", "the database system is starting up", "FATAL"));
    return;
  }
  if (state.database.slotsTaken === true) {
    socket.end(errorResponse("53300", "sorry, too many clients already", "FATAL"));
    return;
  }
  if ((given.get("database") ?? session.user) !== state.database.name) {
    socket.end(
      errorResponse("3D000", `database "${given.get("database") ?? ""}" does not exist`, "FATAL"),
    );
    return;
  }
  socket.write(message("R", int32(3)));
};

const handle = (
  state: WorldState,
  socket: Socket,
  session: Session,
  type: string,
  body: Buffer,
): void => {
  if (type === "startup") {
    start(state, socket, session, body);
    return;
  }
  if (!session.allowed) {
    const password = type === "p" ? strings(body)[0] : undefined;
    session.allowed = session.user === state.database.user && password === state.database.password;
    if (session.allowed) socket.write(welcome(session));
    else {
      socket.end(
        errorResponse(
          "28P01",
          `password authentication failed for user "${session.user}"`,
          "FATAL",
        ),
      );
    }
    return;
  }
  if (type === "X") {
    socket.end();
    return;
  }
  if (type === "S") {
    session.skipping = false;
    socket.write(ready(session));
    return;
  }
  if (session.skipping) return;
  try {
    const reply = answer(state, session, type, body);
    if (reply !== null) socket.write(reply);
  } catch (error) {
    if (session.transaction === "T") session.transaction = "E";
    const failure = errorResponse(
      error instanceof SqlError ? error.code : "XX000",
      error instanceof Error ? error.message : "internal error",
    );
    session.skipping = type !== "Q";
    socket.write(type === "Q" ? Buffer.concat([failure, ready(session)]) : failure);
  }
};

const execute = (
  state: WorldState,
  session: Session,
  sql: string,
  values: (string | null)[],
): SqlResult => {
  const word = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
  if (session.transaction === "E" && !["ROLLBACK", "COMMIT", "END"].includes(word)) {
    throw new SqlError(
      "25P02",
      "current transaction is aborted, commands ignored until end of transaction block",
    );
  }
  const result = runSql(state, sql, values);
  if (word === "BEGIN" || word === "START") session.transaction = "T";
  if (["COMMIT", "END", "ROLLBACK"].includes(word)) session.transaction = "I";
  return result;
};

const answer = (state: WorldState, session: Session, type: string, body: Buffer): Buffer | null => {
  switch (type) {
    case "Q": {
      const statements = (strings(body)[0] ?? "").split(";").filter((one) => one.trim() !== "");
      const parts: Buffer[] = [];
      for (const sql of statements) {
        const result = execute(state, session, sql, []);
        if (result.columns.length > 0) parts.push(rowDescription(result), ...dataRows(result));
        parts.push(message("C", text(result.tag)));
      }
      return Buffer.concat([...(parts.length > 0 ? parts : [message("I")]), ready(session)]);
    }
    case "P": {
      const [name = "", sql = ""] = strings(body);
      session.statements.set(name, sql);
      return message("1");
    }
    case "B": {
      session.portal = bind(session, body);
      return message("2");
    }
    case "D": {
      const [name = ""] = strings(body.subarray(1));
      const isStatement = body[0] === 0x53;
      const sql = isStatement ? (session.statements.get(name) ?? "") : (session.portal?.sql ?? "");
      const count = new Set(sql.match(/\$\d+/g)).size;
      const result = runSql(
        state,
        sql,
        session.portal?.values ?? Array.from({ length: count }, () => null),
      );
      const described = result.columns.length > 0 ? rowDescription(result) : message("n");
      if (!isStatement) return described;
      return Buffer.concat([
        message("t", int16(count), ...Array.from({ length: count }, () => int32(25))),
        described,
      ]);
    }
    case "E": {
      const result = execute(
        state,
        session,
        session.portal?.sql ?? "",
        session.portal?.values ?? [],
      );
      return Buffer.concat([...dataRows(result), message("C", text(result.tag))]);
    }
    case "C":
      return message("3");
    case "H":
      return null;
    default:
      throw new SqlError("08P01", `invalid frontend message type ${type}`);
  }
};

const bind = (session: Session, body: Buffer): Session["portal"] => {
  const [portal = "", statement = ""] = strings(body);
  let at = Buffer.byteLength(portal) + Buffer.byteLength(statement) + 2;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  const values: (string | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) values.push(null);
    else {
      values.push(body.subarray(at, at + length).toString());
      at += length;
    }
  }
  const sql = session.statements.get(statement);
  if (sql === undefined)
    throw new SqlError("26000", `prepared statement "${statement}" does not exist`);
  return { sql, values };
};
