import fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame } from "#clients/aws/exec/frame.ts";
import { createReceiver } from "#clients/aws/exec/receiver.ts";

const frame = (sequence: number): Frame => ({
  type: "output_stream_data",
  createdAt: 0,
  sequence,
  flags: 0,
  id: "01020304-0506-0708-9a4b-5c6d7e8f9a0b",
  payloadType: 1,
  payload: new Uint8Array(),
});

it("delivers each frame once and in order, and acknowledges every copy", () => {
  const arrivals = fc
    .integer({ min: 1, max: 40 })
    .chain((count) =>
      fc.tuple(
        fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
        fc.array(fc.nat(count - 1)),
      ),
    );
  fc.assert(
    fc.property(arrivals, ([order, copies]) => {
      const acknowledged: number[] = [];
      const delivered: number[] = [];
      const receiver = createReceiver(
        ({ sequence }) => acknowledged.push(sequence),
        ({ sequence }) => delivered.push(sequence),
      );
      const all = [...order.flatMap((one, at) => [one, ...copies.slice(at, at + 1)]), ...copies];
      for (const one of all) receiver.accept(frame(one));
      expect(delivered).toEqual([...order].toSorted((a, b) => a - b));
      expect(acknowledged).toEqual(all);
    }),
  );
});

it("leaves one that is too far ahead unacknowledged, so that it comes again", () => {
  const acknowledged: number[] = [];
  const receiver = createReceiver(
    ({ sequence }) => acknowledged.push(sequence),
    () => undefined,
  );
  for (const one of [300, 0, 256, 257]) receiver.accept(frame(one));
  expect(acknowledged).toEqual([0, 256]);
});
