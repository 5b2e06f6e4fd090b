import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** One accepted WebSocket, server side: what Socket Mode and data channels need of RFC 6455. */
export interface Connection {
  send(text: string): void;
  sendBinary(bytes: Buffer): void;
  ping(): void;
  /** Says goodbye with a close frame. */
  close(): void;
  /** Cuts the line without a word. */
  drop(): void;
}

export interface Handlers {
  readonly onText: (text: string) => void;
  readonly onBinary?: (bytes: Buffer) => void;
  readonly onClose: () => void;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  handlers: Handlers,
): Connection {
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let kind = TEXT;
  let closed = false;
  const write = (opcode: number, payload: Buffer): void => {
    if (!closed && socket.writable)
      socket.write(Buffer.concat([header(opcode, payload.length), payload]));
  };
  const end = (): void => {
    if (closed) return;
    closed = true;
    socket.destroy();
    handlers.onClose();
  };
  const take = (frame: Frame): void => {
    if (frame.opcode === PING) write(PONG, frame.payload);
    else if (frame.opcode === CLOSE) {
      write(CLOSE, frame.payload);
      socket.end();
      end();
    } else if (frame.opcode === TEXT || frame.opcode === BINARY || frame.opcode === 0) {
      if (frame.opcode !== 0) kind = frame.opcode;
      parts.push(frame.payload);
      if (!frame.final) return;
      const whole = Buffer.concat(parts);
      parts = [];
      if (kind === TEXT) handlers.onText(whole.toString("utf8"));
      else handlers.onBinary?.(whole);
    }
  };
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame !== null; frame = readFrame(pending)) {
      pending = pending.subarray(frame.size);
      take(frame);
    }
  });
  socket.on("error", end);
  socket.on("close", end);
  return {
    send: (text) => write(TEXT, Buffer.from(text)),
    sendBinary: (bytes) => write(BINARY, bytes),
    ping: () => write(PING, Buffer.alloc(0)),
    close() {
      write(CLOSE, Buffer.from([0x03, 0xe8]));
      socket.end();
    },
    drop: end,
  };
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes it took on the wire. */
  readonly size: number;
}

/** The first frame of the buffer; null while it is incomplete. Frames of clients are masked. */
function readFrame(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const [first = 0, second = 0] = buffer;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskAt = 2 + extended;
  const dataAt = maskAt + 4;
  if (buffer.length < dataAt) return null;
  const length =
    extended === 0
      ? short
      : extended === 2
        ? buffer.readUInt16BE(2)
        : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < dataAt + length) return null;
  const mask = buffer.subarray(maskAt, dataAt);
  const payload = Buffer.from(buffer.subarray(dataAt, dataAt + length));
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] ?? 0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size: dataAt + length };
}

function header(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  const long = length > 0xffff;
  const head = Buffer.alloc(long ? 10 : 4);
  head[0] = 0x80 | opcode;
  head[1] = long ? 127 : 126;
  if (long) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return head;
}
