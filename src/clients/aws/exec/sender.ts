import { randomUUID } from "node:crypto";
import { encodeFrame, frameFlags, frameTypes, payloadTypes, type Frame } from "./frame.ts";

const resendEveryMs = 400;
const attempts = 12;

export interface Sender {
  /** Sends a payload as the next input frame, again and again until it is acknowledged. */
  input(payloadType: number, payload: object): void;
  acknowledge(frame: Frame): void;
  /** The payload of an acknowledgement from the other side. */
  acknowledged(payload: Uint8Array): void;
  close(): void;
}

/** `onGivenUp`: an input frame was sent many times and never acknowledged. */
export function createSender(send: (bytes: Buffer) => void, onGivenUp: () => void): Sender {
  const unacknowledged = new Map<number, { readonly bytes: Buffer; left: number }>();
  let next = 0;
  const timer = setInterval(() => {
    for (const waiting of unacknowledged.values()) {
      waiting.left -= 1;
      if (waiting.left > 0) send(waiting.bytes);
      else onGivenUp();
    }
  }, resendEveryMs);

  return {
    input(payloadType, payload) {
      const sequence = next;
      next += 1;
      const bytes = encodeFrame({
        type: frameTypes.input,
        createdAt: Date.now(),
        sequence,
        flags: sequence === 0 ? frameFlags.first : frameFlags.none,
        id: randomUUID(),
        payloadType,
        payload: toBytes(payload),
      });
      unacknowledged.set(sequence, { bytes, left: attempts });
      send(bytes);
    },
    acknowledge({ type, id, sequence }) {
      send(
        encodeFrame({
          type: frameTypes.acknowledge,
          createdAt: Date.now(),
          sequence: 0,
          flags: frameFlags.acknowledgement,
          id: randomUUID(),
          payloadType: payloadTypes.none,
          payload: toBytes({
            AcknowledgedMessageType: type,
            AcknowledgedMessageId: id,
            AcknowledgedMessageSequenceNumber: sequence,
            IsSequentialMessage: true,
          }),
        }),
      );
    },
    acknowledged(payload) {
      const sequence = /"AcknowledgedMessageSequenceNumber"\s*:\s*(\d+)/u.exec(
        new TextDecoder().decode(payload),
      )?.[1];
      if (sequence !== undefined) unacknowledged.delete(Number(sequence));
    },
    close: () => clearInterval(timer),
  };
}

const toBytes = (payload: object): Uint8Array => new TextEncoder().encode(JSON.stringify(payload));
