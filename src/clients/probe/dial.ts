import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Certificate, HttpOutcome, Phase } from "#core/ports/probe.ts";
import { certificateOutcome, codeOf, outcomeOf, timeoutIn } from "./outcome.ts";

/** A phase that did not end well; `code` is the system's, null for our own deadline. */
export interface Failure {
  readonly outcome: HttpOutcome;
  readonly phase: Phase;
  readonly code: string | null;
}
export const isFailure = (value: object): value is Failure => "outcome" in value;

/** Resolves with what `start` yields, or with the failure that its error or `signal` means in this phase. */
function phase<Value extends object>(
  name: "connect" | "tls",
  signal: AbortSignal,
  socket: Socket,
  start: (succeed: (value: Value | Failure) => void) => void,
): Promise<Value | Failure> {
  return new Promise((resolve) => {
    const end = (value: Value | Failure): void => {
      signal.removeEventListener("abort", timedOut);
      socket.off("error", failed);
      if (isFailure(value)) {
        // A destroyed socket may still report an error to nobody.
        socket.on("error", () => {});
        socket.destroy();
      }
      resolve(value);
    };
    const timedOut = (): void => end({ outcome: timeoutIn[name], phase: name, code: null });
    const failed = (error: Error): void => {
      const code = codeOf(error);
      end({ outcome: outcomeOf(name, code), phase: name, code });
    };
    socket.on("error", failed);
    if (signal.aborted) return timedOut();
    signal.addEventListener("abort", timedOut, { once: true });
    start(end);
  });
}

/** Connects to one address; `allowed` judges the address that the socket says it is connected to. */
export async function dial(
  address: string,
  port: number,
  signal: AbortSignal,
  allowed: (remoteAddress: string) => boolean,
): Promise<{ readonly socket: Socket } | Failure> {
  const socket = connectTcp({ host: address, port, autoSelectFamily: false, noDelay: true });
  return phase<{ socket: Socket }>("connect", signal, socket, (succeed) => {
    socket.once("connect", () => {
      const seen = socket.remoteAddress ?? "";
      succeed(
        allowed(seen)
          ? { socket }
          : { outcome: "connect-failed", phase: "connect", code: "BLOCKED_ADDRESS" },
      );
    });
  });
}

export interface Handshake {
  readonly secure: TLSSocket;
  readonly certificate: Certificate;
  /** What is wrong with the certificate; null where it is good. */
  readonly problem: Failure | null;
}

/** Shakes hands without letting the library reject, so that a bad certificate can still be described. */
export async function handshake(
  socket: Socket,
  host: string,
  authorities: readonly string[],
  signal: AbortSignal,
): Promise<Handshake | Failure> {
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ca: [...authorities],
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: false,
  });
  return phase<Handshake>("tls", signal, secure, (succeed) => {
    secure.once("secureConnect", () => {
      const certificate = toCertificate(secure.getPeerCertificate());
      // Declared as Error, but the library stores the code.
      const code = secure.authorized ? null : String(secure.authorizationError);
      const problem: Failure | null =
        code === null ? null : { outcome: certificateOutcome(code), phase: "tls", code };
      succeed({ secure, certificate, problem });
    });
    secure.once("close", () => {
      succeed({ outcome: outcomeOf("tls", "ECONNRESET"), phase: "tls", code: "ECONNRESET" });
    });
  });
}

/**
 * The code of what a server says after its handshake to a client that stays silent, as TLS 1.3 tells of a
 * client certificate that is wanted; null where it says nothing in this time. What a client has sent by then
 * may turn the same words into a plain reset.
 */
export async function alertAfter(secure: TLSSocket, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (code: string | null): void => {
      signal.removeEventListener("abort", timedOut);
      secure.off("close", timedOut);
      secure.on("error", () => {});
      secure.destroy();
      resolve(code);
    };
    const timedOut = (): void => end(null);
    if (signal.aborted) return timedOut();
    signal.addEventListener("abort", timedOut, { once: true });
    secure.once("close", timedOut);
    secure.once("error", (error) => end(codeOf(error)));
    secure.resume();
  });
}

const one = (name: string | string[] | undefined): string =>
  Array.isArray(name) ? name.join(", ") : (name ?? "");

function toCertificate(peer: PeerCertificate): Certificate {
  const time = (text: string): string => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? text : new Date(ms).toISOString();
  };
  return {
    subject: one(peer.subject?.CN),
    issuer: one(peer.issuer?.CN) || one(peer.issuer?.O),
    names: (peer.subjectaltname ?? "")
      .split(", ")
      .filter((name) => name !== "")
      .map((name) => name.replace(/^(?:DNS|IP Address):/u, "")),
    validFrom: time(peer.valid_from ?? ""),
    validTo: time(peer.valid_to ?? ""),
  };
}
