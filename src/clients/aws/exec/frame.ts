import { createHash } from "node:crypto";

/**
 * The binary frame of a Session Manager data channel, big-endian, as AWS's session-manager-plugin
 * writes it: header length, type, version, date, sequence, flags, id, digest, payload type, payload.
 */
export interface Frame {
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly sequence: number;
  readonly flags: number;
  /** UUID, in lower case. */
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

export const frameTypes = {
  input: "input_stream_data",
  output: "output_stream_data",
  acknowledge: "acknowledge",
  closed: "channel_closed",
} as const;

export const payloadTypes = {
  none: 0,
  output: 1,
  error: 2,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  standardError: 11,
} as const;

export const frameFlags = { none: 0, first: 1, acknowledgement: 3 } as const;

/** What the header-length field says: where the payload's length stands. */
const headerBytes = 116;
const at = {
  type: 4,
  version: 36,
  createdAt: 40,
  sequence: 48,
  flags: 56,
  id: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: headerBytes,
  payload: headerBytes + 4,
} as const;
const typeBytes = 32;

/** Bytes that are not a frame, or were damaged on the way. */
export class BadFrame extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadFrame";
  }
}

const digestOf = (payload: Uint8Array): Buffer => createHash("sha256").update(payload).digest();

/** The two halves of a UUID stand the other way round: the low 8 bytes first. */
const swapped = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(8), bytes.subarray(0, 8)]);

export function encodeFrame(frame: Frame): Buffer {
  const bytes = Buffer.alloc(at.payload + frame.payload.length);
  bytes.writeUInt32BE(headerBytes, 0);
  bytes.write(frame.type.padEnd(typeBytes, " "), at.type, typeBytes, "latin1");
  bytes.writeUInt32BE(1, at.version);
  bytes.writeBigUInt64BE(BigInt(frame.createdAt), at.createdAt);
  bytes.writeBigInt64BE(BigInt(frame.sequence), at.sequence);
  bytes.writeBigUInt64BE(BigInt(frame.flags), at.flags);
  swapped(Buffer.from(frame.id.replaceAll("-", ""), "hex")).copy(bytes, at.id);
  digestOf(frame.payload).copy(bytes, at.digest);
  bytes.writeUInt32BE(frame.payloadType, at.payloadType);
  bytes.writeUInt32BE(frame.payload.length, at.payloadLength);
  bytes.set(frame.payload, at.payload);
  return bytes;
}

/** Throws BadFrame: too short, lengths that do not fit, a digest that is not the payload's. */
export function decodeFrame(message: Uint8Array): Frame {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (bytes.length < at.payload) throw new BadFrame(`${bytes.length} bytes are no frame`);
  const headerLength = bytes.readUInt32BE(0);
  if (headerLength !== headerBytes) throw new BadFrame(`a header of ${headerLength} bytes`);
  const length = bytes.readUInt32BE(at.payloadLength);
  const payload = bytes.subarray(at.payload);
  if (payload.length !== length)
    throw new BadFrame(`${payload.length} bytes of payload, and the header says ${length}`);
  if (!digestOf(payload).equals(bytes.subarray(at.digest, at.payloadType)))
    throw new BadFrame("the payload does not fit its digest");
  return {
    type: bytes
      .toString("latin1", at.type, at.type + typeBytes)
      // oxlint-disable-next-line no-control-regex -- some senders pad with NUL instead of spaces
      .replace(/[\u0000 ]+$/u, ""),
    createdAt: Number(bytes.readBigUInt64BE(at.createdAt)),
    sequence: Number(bytes.readBigInt64BE(at.sequence)),
    flags: Number(bytes.readBigUInt64BE(at.flags)),
    id: toUuid(swapped(bytes.subarray(at.id, at.digest))),
    payloadType: bytes.readUInt32BE(at.payloadType),
    payload,
  };
}

const toUuid = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
