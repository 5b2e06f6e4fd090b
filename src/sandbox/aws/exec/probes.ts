/** A name, a connection, a TLS handshake, an HTTP answer: seen from a task, in the words of Python. */
import { request } from "node:http";
import { isResolverOn, resolveName } from "../../net/names.ts";
import { sendRequest } from "../../net/request.ts";
import { DialError } from "../../net/wires.ts";
import type { Inside } from "../../runtime/inside.ts";

export type Kind = "https" | "http" | "tcp";
type Row = Record<string, unknown>;

const limitMs = 2_500;

const failed = (row: Row, phase: string, error: unknown): Row => {
  const code = error instanceof DialError ? error.code : "";
  const said = error instanceof Error ? error.message : String(error);
  const [name, errno, detail] =
    code === "ETIMEDOUT"
      ? ["TimeoutError", null, "timed out"]
      : code === "ECONNREFUSED"
        ? ["ConnectionRefusedError", 111, "[Errno 111] Connection refused"]
        : code === "ECONNRESET"
          ? ["ConnectionResetError", 104, "[Errno 104] Connection reset by peer"]
          : ["SSLCertVerificationError", 1, `[SSL: CERTIFICATE_VERIFY_FAILED] ${said}`];
  return { ...row, phase, error: name, errno, detail };
};

const timed = async (work: Promise<Row>): Promise<Row> => {
  const began = performance.now();
  const row = await work;
  return { ...row, ms: Math.round(performance.now() - began) };
};

const variables: Record<string, { url: string; host: string }> = {
  redis: { url: "REDIS_URL", host: "REDIS_HOST" },
  database: { url: "DATABASE_URL", host: "DATABASE_HOST" },
};

const placeIn = (
  { environment }: Inside,
  name: string,
  host: string,
  port: number,
): { host: string; port: number } | null => {
  if (host !== "-") return { host, port };
  const named = variables[name];
  const url = URL.parse(environment.get(named?.url ?? "") ?? "");
  if (url !== null) return { host: url.hostname, port: Number(url.port) || port };
  const own = environment.get(named?.host ?? "") ?? "";
  const given = Number(environment.get(`${name.toUpperCase()}_PORT`)) || port;
  return own === "" ? null : { host: own, port: given };
};

export const probePlace = async (
  inside: Inside,
  name: string,
  kind: Kind,
  wantedHost: string,
  wantedPort: number,
): Promise<Row> => {
  const place = placeIn(inside, name, wantedHost, wantedPort);
  if (place === null) return { probe: name };
  return await timed(look(inside, { probe: name, ...place }, kind, place.host, place.port));
};

const look = async (
  inside: Inside,
  known: Row,
  kind: Kind,
  host: string,
  port: number,
): Promise<Row> => {
  const { state, wires, address, ca } = inside;
  const answer = isResolverOn(state)
    ? resolveName(state, host, "inside")
    : ({ code: "SERVFAIL" } as const);
  if (answer.code !== "NOERROR" || answer.addresses.length === 0) {
    const errno = answer.code === "SERVFAIL" ? -3 : -2;
    const words =
      errno === -3 ? "Temporary failure in name resolution" : "Name or service not known";
    const detail = `[Errno ${errno}] ${words}`;
    return { ...known, phase: "name", error: "gaierror", errno, detail };
  }
  const row = { ...known, addresses: answer.addresses.map((one) => one.address) };
  try {
    const socket = await wires.dial(address, host, port, limitMs);
    socket.destroy();
  } catch (error) {
    return failed(row, "connect", error);
  }
  if (kind === "tcp") return { ...row, phase: "done" };
  try {
    const url = `${kind}://${host}:${port}/`;
    const headers = { "user-agent": "hokusai/inside", "x-request-id": "hokusai-inside" };
    const { status } = await sendRequest({
      wires,
      from: address,
      url,
      headers,
      timeoutMs: limitMs,
      ca,
    });
    return { ...row, status, phase: "done" };
  } catch (error) {
    return failed(row, error instanceof DialError ? "answer" : "tls", error);
  }
};

/** The task's own sockets as /proc/net/tcp has them, and a request to its own port. */
export const probeOwn = async (inside: Inside, port: number): Promise<Row> => {
  const { listening } = inside;
  const hex = { any: "00000000", loopback: "0100007F" } as const;
  const row = {
    probe: "own",
    port,
    // The agent itself listens too.
    listening: [
      ["0100007F", 41_741],
      ...listening.map((one) => [hex[one.bind], one.port] as const),
    ],
    addresses: ["127.0.0.1"],
  };
  const own = listening.find((one) => one.port === port);
  if (own === undefined)
    return await timed(Promise.resolve(failed(row, "connect", new DialError("ECONNREFUSED", ""))));
  return await timed(
    new Promise((resolve) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: own.listener.port,
          path: "/",
          headers: { "user-agent": "hokusai/inside", "x-request-id": "hokusai-inside" },
        },
        (answer) => {
          answer.resume();
          resolve({ ...row, status: answer.statusCode ?? 0, phase: "done" });
        },
      );
      sent.setTimeout(limitMs, () => sent.destroy(new DialError("ETIMEDOUT", "timed out")));
      sent.on("error", (error) =>
        resolve(
          failed(
            row,
            "answer",
            error instanceof DialError ? error : new DialError("ECONNRESET", ""),
          ),
        ),
      );
      sent.end();
    }),
  );
};
