/** The resolver that people outside use: real DNS over UDP and TCP on one loopback port. */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";
import packet from "dns-packet";
import type { Answer, Packet } from "dns-packet";
import type { WorldState } from "../world/state.ts";
import { resolveName } from "./names.ts";
import type { View } from "./names.ts";

const authoritative = 0x0400;
const recursionAvailable = 0x0080;
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4 } as const;

const answer = (state: WorldState, query: Packet, view: View): Packet => {
  const question = query.questions?.[0];
  const reply: Packet = { type: "response", id: query.id ?? 0, questions: query.questions ?? [] };
  const flags = (code: number): number =>
    authoritative | recursionAvailable | ((query.flags ?? 0) & 0x0100) | code;
  if (question === undefined) return { ...reply, flags: flags(codes.NOTIMP) };
  const found = resolveName(state, question.name, view);
  const answers: Answer[] = found.chain.map(({ name, target, ttl }) => ({
    type: "CNAME",
    name,
    data: target,
    ttl,
  }));
  if (found.code === "NOERROR" && question.type !== "CNAME") {
    for (const { type, name, address, ttl } of found.addresses) {
      if (type === question.type) answers.push({ type, name, data: address, ttl });
    }
  }
  return { ...reply, flags: flags(codes[found.code]), answers };
};

/** `view`: the resolver of the internet, or that of the VPC. */
export const startDns = async (
  state: WorldState,
  view: View = "outside",
): Promise<{ address: string; close(): Promise<void> }> => {
  for (let attempt = 0; ; attempt += 1) {
    const udp = createSocket("udp4");
    const sockets = new Set<Socket>();
    const tcp = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
      let buffered = Buffer.alloc(0);
      socket.on("data", (chunk) => {
        buffered = Buffer.concat([buffered, chunk]);
        while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
          const size = 2 + buffered.readUInt16BE(0);
          const reply = attemptAnswer(buffered.subarray(2, size));
          if (reply !== null) {
            const length = Buffer.alloc(2);
            length.writeUInt16BE(reply.length);
            socket.write(Buffer.concat([length, reply]));
          }
          buffered = buffered.subarray(size);
        }
      });
    });
    const attemptAnswer = (message: Buffer): Buffer | null => {
      try {
        return packet.encode(answer(state, packet.decode(message), view));
      } catch {
        return null;
      }
    };
    udp.on("message", (message, peer) => {
      const reply = attemptAnswer(message);
      if (reply !== null) udp.send(reply, peer.port, peer.address);
    });
    udp.bind(0, "127.0.0.1");
    await once(udp, "listening");
    const { port } = udp.address();
    tcp.listen(port, "127.0.0.1");
    try {
      await once(tcp, "listening");
    } catch (error) {
      // Another process holds this port for TCP: take another one for both.
      udp.close();
      if (attempt >= 5) throw error;
      continue;
    }
    return {
      address: `127.0.0.1:${port}`,
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await Promise.all([
          new Promise<void>((resolve) => udp.close(() => resolve())),
          new Promise<void>((resolve) => tcp.close(() => resolve())),
        ]);
      },
    };
  }
};
