/** A data channel's frames as the Session Manager agent writes and reads them. */
import { createHash, randomUUID } from "node:crypto";

export interface AgentFrame {
  type: string;
  sequence: number;
  flags: number;
  id: string;
  payloadType: number;
  payload: Buffer;
}

export const payloads = { output: 1, size: 3, request: 5, response: 6, complete: 7 } as const;

export const writeFrame = (
  type: string,
  sequence: number,
  payloadType: number,
  payload: Buffer,
): Buffer => {
  const head = Buffer.alloc(120, " ");
  head.writeUInt32BE(116, 0);
  head.write(type, 4, "latin1");
  head.writeUInt32BE(1, 36);
  head.writeBigUInt64BE(BigInt(Date.now()), 40);
  head.writeBigInt64BE(BigInt(sequence), 48);
  head.writeBigUInt64BE(sequence === 0 ? 1n : 0n, 56);
  const id = randomUUID().replaceAll("-", "");
  head.write(id.slice(16) + id.slice(0, 16), 64, "hex");
  createHash("sha256").update(payload).digest().copy(head, 80);
  head.writeUInt32BE(payloadType, 112);
  head.writeUInt32BE(payload.length, 116);
  return Buffer.concat([head, payload]);
};

/** Null where an agent would drop it: lengths or digest do not fit. */
export const readFrame = (bytes: Buffer): AgentFrame | null => {
  if (bytes.length < 120 || bytes.readUInt32BE(0) !== 116) return null;
  const payload = bytes.subarray(120);
  const digest = createHash("sha256").update(payload).digest();
  if (payload.length !== bytes.readUInt32BE(116) || !digest.equals(bytes.subarray(80, 112)))
    return null;
  const id = bytes.toString("hex", 72, 80) + bytes.toString("hex", 64, 72);
  return {
    type: bytes.toString("latin1", 4, 36).trim(),
    sequence: Number(bytes.readBigInt64BE(48)),
    flags: Number(bytes.readBigUInt64BE(56)),
    id: id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    payloadType: bytes.readUInt32BE(112),
    payload,
  };
};
