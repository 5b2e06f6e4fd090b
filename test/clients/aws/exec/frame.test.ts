import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadFrame, decodeFrame, encodeFrame } from "#clients/aws/exec/frame.ts";
import { readFrame, writeFrame } from "../../../../src/sandbox/aws/exec/frame.ts";

/** Laid out by hand after the description of the protocol, field by field. */
const golden = [
  "00000074", // header length: 116
  "696e7075745f73747265616d5f64617461202020202020202020202020202020", // "input_stream_data", padded
  "00000001", // version
  "0000018bcfe56800", // 1700000000000 ms
  "0000000000000007", // sequence
  "0000000000000001", // flags: the first
  "9a4b5c6d7e8f9a0b0102030405060708", // 01020304-0506-0708-9a4b-5c6d7e8f9a0b, low half first
  "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4", // sha-256 of "hi"
  "00000003", // payload type: size
  "00000002", // payload length
  "6869",
].join("");

const frame = {
  type: "input_stream_data",
  createdAt: 1_700_000_000_000,
  sequence: 7,
  flags: 1,
  id: "01020304-0506-0708-9a4b-5c6d7e8f9a0b",
  payloadType: 3,
  payload: new Uint8Array(Buffer.from("hi")),
};

const anyFrame = fc.record({
  type: fc.stringMatching(/^[a-z_]{1,32}$/u),
  createdAt: fc.nat(2 ** 45),
  sequence: fc.nat(2 ** 40),
  flags: fc.nat(3),
  id: fc.uuid(),
  payloadType: fc.nat(20),
  payload: fc.uint8Array({ maxLength: 300 }),
});

describe("a frame of a data channel", () => {
  it("is these bytes", () => {
    expect(encodeFrame(frame).toString("hex")).toBe(golden);
  });

  it("is read from these bytes, also with the type padded by NUL", () => {
    const bytes = Buffer.from(golden, "hex");
    expect(decodeFrame(bytes)).toEqual({ ...frame, payload: Buffer.from("hi") });
    bytes.fill(0, 4 + frame.type.length, 36);
    expect(decodeFrame(bytes).type).toBe(frame.type);
  });

  it("comes back as it was, whatever it holds", () => {
    fc.assert(
      fc.property(anyFrame, (one) => {
        expect(decodeFrame(encodeFrame(one))).toEqual({
          ...one,
          payload: Buffer.from(one.payload),
        });
      }),
    );
  });

  it("is refused where any bit of its payload or digest was damaged", () => {
    fc.assert(
      fc.property(fc.nat(33 * 8 - 1), (bit) => {
        const bytes = Buffer.from(golden, "hex");
        // The digest stands from 80 to 112, the payload from 120.
        const at = bit >> 3 === 32 ? 120 : 80 + (bit >> 3);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
        expect(() => decodeFrame(bytes)).toThrow(BadFrame);
      }),
    );
  });

  it.each([
    ["too short", golden.slice(0, 100)],
    ["another header", golden.replace(/^00000074/u, "00000078")],
    ["a payload that was cut", golden.slice(0, -2)],
    ["a payload that goes on", `${golden}00`],
  ])("is refused: %s", (_, hex) => {
    expect(() => decodeFrame(Buffer.from(hex, "hex"))).toThrow(BadFrame);
  });

  it("is what the offline agent reads and writes, which has a codec of its own", () => {
    const read = readFrame(encodeFrame(frame));
    expect(read).toMatchObject({ type: frame.type, sequence: 7, id: frame.id, payloadType: 3 });
    const written = decodeFrame(writeFrame("output_stream_data", 9, 1, Buffer.from("out")));
    expect(written).toMatchObject({ type: "output_stream_data", sequence: 9, payloadType: 1 });
    expect(written.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
  });
});
