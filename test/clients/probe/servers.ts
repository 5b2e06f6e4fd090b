/** Servers that misbehave on purpose, on loopback, each closed at the end of its test. */
import "./reflect.ts";
import { createSocket } from "node:dgram";
import {
  connect,
  createServer as createTcp,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTls, type TlsOptions } from "node:tls";
import { webcrypto } from "node:crypto";
import { Worker } from "node:worker_threads";
import * as x509 from "@peculiar/x509";
import packet from "dns-packet";

x509.cryptoProvider.set(webcrypto as never);

export interface Issued {
  readonly key: string;
  readonly cert: string;
}
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

export interface Authority {
  readonly pem: string;
  issue(name: string, from?: number, to?: number): Promise<Issued>;
}

const pemKey = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    "PRIVATE KEY",
  );

export async function createAuthority(name = "Test Authority"): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + 400 * day),
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return {
    pem: root.toString("pem"),
    issue: async (name, from = -day, to = 90 * day) => {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const leaf = await x509.X509CertificateGenerator.create({
        subject: `CN=${name}`,
        issuer: root.subject,
        notBefore: new Date(Date.now() + from),
        notAfter: new Date(Date.now() + to),
        signingAlgorithm: algorithm,
        publicKey: own.publicKey as never,
        signingKey: keys.privateKey as never,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
      });
      return { key: await pemKey(own), cert: leaf.toString("pem") };
    },
  };
}

export async function selfSigned(name: string): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  return { key: await pemKey(keys), cert: cert.toString("pem") };
}

export interface Running {
  readonly port: number;
  close(): Promise<void>;
}

function listen(server: Server): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}

export const tcp = (handle: (socket: Socket) => void): Promise<Running> =>
  listen(createTcp(handle));

export const tls = (options: TlsOptions, handle: (socket: Socket) => void): Promise<Running> => {
  const server = createTls(options, (socket) => {
    socket.on("error", () => {});
    handle(socket);
  });
  server.on("tlsClientError", () => {});
  return listen(server);
};

/** Calls back once the request's head has arrived. */
export const onRequest =
  (answer: (socket: Socket, head: string) => void) =>
  (socket: Socket): void => {
    let head = "";
    const read = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", read);
      answer(socket, head);
    };
    socket.on("data", read);
  };

export const replying = (answer: string): ((socket: Socket) => void) =>
  onRequest((socket) => void socket.end(answer));

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): string => {
  const body = JSON.stringify(value);
  const extra = Object.entries(headers)
    .map(([name, text]) => `${name}: ${text}\r\n`)
    .join("");
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${extra}\r\n${body}`;
};

/**
 * A port whose packets are dropped: the kernel answers no more SYN once as many connections wait for
 * accept() as the listener takes, and this one never accepts.
 */
export async function unaccepting(): Promise<Running> {
  const worker = new Worker(
    `const { createServer } = require("node:net");
     const { parentPort } = require("node:worker_threads");
     const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  const waiting: Socket[] = [];
  const takes = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      setTimeout(() => resolve(false), 150).unref();
      waiting.push(socket);
    });
  // oxlint-disable-next-line no-await-in-loop -- until the queue is full
  while (await takes());
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const running = await tcp(() => {});
  await running.close();
  return running.port;
}

export type Zone = Readonly<
  Record<string, readonly { readonly type: "A" | "AAAA" | "CNAME"; readonly data: string }[]>
>;
/** A name server with fixed answers; unknown names do not exist, `failures` answer with that code. */
export function nameServer(
  zone: Zone,
  failures: Readonly<Record<string, "SERVFAIL" | "REFUSED" | "silent">> = {},
  delayMs = 0,
): Promise<Running> {
  const socket = createSocket("udp4");
  const codes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
  socket.on("message", (message, from) => {
    const query = packet.decode(message);
    const question = query.questions?.[0];
    const name = question?.name.toLowerCase() ?? "";
    const failure = failures[name];
    if (failure === "silent") return;
    const records = zone[name];
    const code = failure === undefined ? (records === undefined ? "NXDOMAIN" : null) : failure;
    const answers = (records ?? []).filter(
      (record) => record.type === question?.type || record.type === "CNAME",
    );
    const reply = packet.encode({
      type: "response",
      id: query.id ?? 0,
      flags:
        packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (code === null ? 0 : codes[code]),
      questions: query.questions ?? [],
      answers: code === null ? answers.map(({ type, data }) => ({ name, ttl: 1, type, data })) : [],
    });
    if (delayMs === 0) socket.send(reply, from.port, from.address);
    else setTimeout(() => socket.send(reply, from.port, from.address), delayMs).unref();
  });
  return new Promise((resolve) => {
    socket.bind(0, "127.0.0.1", () =>
      resolve({
        port: socket.address().port,
        close: () =>
          new Promise((done) => {
            socket.close(() => done());
          }),
      }),
    );
  });
}
