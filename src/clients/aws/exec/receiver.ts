import type { Frame } from "./frame.ts";

/** Frames that may wait for one that is missing. */
const windowSize = 256;

/**
 * Brings output frames into their order: each is acknowledged whenever it comes and delivered once.
 * One too far ahead is left unacknowledged, so that it comes again when there is room.
 */
export function createReceiver(
  acknowledge: (frame: Frame) => void,
  deliver: (frame: Frame) => void,
): { accept(frame: Frame): void } {
  const waiting = new Map<number, Frame>();
  let expected = 0;
  return {
    accept(frame) {
      if (frame.sequence >= expected + windowSize) return;
      acknowledge(frame);
      if (frame.sequence < expected) return;
      waiting.set(frame.sequence, frame);
      for (let next = waiting.get(expected); next !== undefined; next = waiting.get(expected)) {
        waiting.delete(expected);
        expected += 1;
        deliver(next);
      }
    },
  };
}
