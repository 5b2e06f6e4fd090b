/** The agent's end of a data channel: numbers, resends, acknowledges; its wire may lose and mix frames. */
import type { ExecAgents } from "../../world/state.ts";
import { readFrame, writeFrame } from "./frame.ts";
import type { AgentFrame } from "./frame.ts";

export interface Channel {
  /** Sends the next output frame until it is acknowledged. */
  output(payloadType: number, payload: Buffer): void;
  /** What came from the client. */
  receive(bytes: Buffer): void;
  /** Resolves when everything sent is acknowledged, or the channel has ended. */
  settled(): Promise<void>;
  /** Says why, once; nothing follows. */
  close(output: string): void;
  end(): void;
}

const resendMs = 150;

export const createChannel = (
  wire: ExecAgents["wire"],
  send: (bytes: Buffer) => void,
  onInput: (frame: AgentFrame) => void,
): Channel => {
  const waiting = new Map<number, Buffer>();
  const early = new Map<number, AgentFrame>();
  let next = 0;
  let expected = 0;
  let ended = false;
  let told: (() => void)[] = [];
  const tell = (): void => {
    if (waiting.size > 0 && !ended) return;
    for (const resolve of told) resolve();
    told = [];
  };

  let sent = 0;
  let held: Buffer | null = null;
  const isEvery = (count: number, every: number): boolean => every > 0 && count % every === 0;
  const put = (bytes: Buffer): void => {
    if (ended) return;
    sent += 1;
    if (isEvery(sent, wire.loseEvery)) return;
    if (isEvery(sent, wire.swapEvery) && held === null) {
      held = bytes;
      return;
    }
    send(bytes);
    if (isEvery(sent, wire.repeatEvery)) send(bytes);
    if (held !== null) send(held);
    held = null;
  };
  const timer = setInterval(() => {
    for (const bytes of waiting.values()) put(bytes);
  }, resendMs);

  let received = 0;
  const take = (frame: AgentFrame): void => {
    if (frame.type === "acknowledge") {
      const { AcknowledgedMessageSequenceNumber: sequence } = JSON.parse(
        frame.payload.toString(),
      ) as {
        AcknowledgedMessageSequenceNumber: number;
      };
      waiting.delete(sequence);
      tell();
      return;
    }
    const acknowledgement = {
      AcknowledgedMessageType: frame.type,
      AcknowledgedMessageId: frame.id,
      AcknowledgedMessageSequenceNumber: frame.sequence,
      IsSequentialMessage: true,
    };
    put(writeFrame("acknowledge", 0, 0, Buffer.from(JSON.stringify(acknowledgement))));
    if (frame.sequence < expected) return;
    early.set(frame.sequence, frame);
    for (let one = early.get(expected); one !== undefined; one = early.get(expected)) {
      early.delete(expected);
      expected += 1;
      onInput(one);
    }
  };

  return {
    output: (payloadType, payload) => {
      const bytes = writeFrame("output_stream_data", next, payloadType, payload);
      waiting.set(next, bytes);
      next += 1;
      put(bytes);
    },
    receive: (bytes) => {
      received += 1;
      const frame = readFrame(bytes);
      if (frame !== null && !isEvery(received, wire.loseEvery)) take(frame);
    },
    settled: () =>
      new Promise((resolve) => {
        told.push(resolve);
        tell();
      }),
    close: (output) => {
      if (ended) return;
      const payload = JSON.stringify({ MessageType: "channel_closed", Output: output });
      send(writeFrame("channel_closed", 0, 0, Buffer.from(payload)));
    },
    end: () => {
      ended = true;
      clearInterval(timer);
      tell();
    },
  };
};
