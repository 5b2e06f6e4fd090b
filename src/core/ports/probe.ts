/** What facts may send over the network. Implemented by src/clients/probe. Plain JSON, no secrets. */
import type { Service } from "../config.ts";
import type { Target } from "../target.ts";

export type Phase = "dns" | "connect" | "tls" | "headers" | "body";

/** Why a name gave no address. The codes are those of c-ares (docs of node:dns). */
export interface NameProblem {
  readonly outcome:
    | "no-such-name" // ENOTFOUND
    | "no-address" // ENODATA
    | "name-server-failure" // ESERVFAIL
    | "name-server-refused" // EREFUSED
    | "name-server-timeout" // ETIMEOUT
    | "name-server-unreachable" // ECONNREFUSED: nobody listens where the resolver should be
    | "name-server-garbled"; // anything else
  readonly code: string;
}

export interface Resolution {
  readonly host: string;
  /** IPv4 first, each family sorted; empty when `problem` is set. */
  readonly addresses: readonly string[];
  /** The chain of aliases, nearest first. */
  readonly cnames: readonly string[];
  readonly problem: NameProblem | null;
  readonly tookMs: number;
}

/** How far a request got: every way it can end, told apart by (phase, code), never by the code alone. */
export type HttpOutcome =
  | "answered"
  | NameProblem["outcome"]
  // connect
  | "connection-refused"
  | "connect-timeout"
  | "network-unreachable"
  | "connect-failed"
  // tls
  | "tls-timeout"
  | "tls-reset"
  | "tls-failed"
  | "not-tls"
  | "certificate-self-signed"
  | "certificate-untrusted"
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "certificate-wrong-name"
  | "client-certificate-wanted"
  // headers
  | "headers-timeout"
  | "reset-before-answer"
  | "closed-without-answer"
  | "not-http"
  // body
  | "body-stalled"
  | "body-unfinished"
  | "reset-in-body"
  | "truncated";

/** Milliseconds of each phase; null where it did not finish or was not needed. */
export type Timings = Readonly<Record<Phase, number | null>>;

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
}

export interface TlsObservation {
  readonly host: string;
  readonly port: number;
  /** The address that DNS gave and that was tried; null where there was none. */
  readonly address: string | null;
  readonly vantage: "internet" | "vpc";
  readonly outcome: HttpOutcome;
  /** The phase that did not finish; null when everything did. */
  readonly phase: Phase | null;
  readonly code: string | null;
  readonly timings: Timings;
  readonly totalMs: number;
  readonly certificate: Certificate | null;
}

export interface HttpObservation extends TlsObservation {
  readonly method: string;
  /** As it was asked, without credentials. */
  readonly url: string;
  readonly requestId: string;
  /** Which key went with it. */
  readonly key: "none" | "scoped" | "dummy";
  readonly status: number | null;
  /** A selection, lower case: server, content-type, allow, location, www-authenticate, retry-after ... */
  readonly headers: Readonly<Record<string, string>>;
  /** Redacted, and cut at `bodyLimit` characters. */
  readonly body: string;
  readonly bodyCut: boolean;
}

export interface HttpRequest {
  readonly url: string;
  /** Never HEAD: servers answer it by other code than GET. */
  readonly method: string;
  readonly runId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * "scoped": the service's own key, replaced by a dummy unless the URL has exactly the origin of the
   * API's base URL. "dummy": well-formed and valid nowhere. Absent: no key. `as`: in another header
   * or form than the API's own, as a customer sends theirs.
   */
  readonly key?: {
    readonly service: string;
    readonly kind: "scoped" | "dummy";
    readonly as?: { readonly header: string; readonly scheme: string };
  };
  /** Only this address of the host, instead of the first that DNS gives. */
  readonly address?: string;
  /** Of the whole request, in milliseconds. */
  readonly timeoutMs: number;
  /** Of connecting, and again of the TLS handshake; 3,000 by default. */
  readonly connectTimeoutMs?: number;
  /** Characters of the body to keep; 65,536 by default. */
  readonly bodyLimit?: number;
}

/** What a host is in the catalogue, as seen from one service. */
export type HostRole =
  | "api"
  | "auth"
  | "website"
  | "internal"
  | "other-api"
  | "dependency"
  | "document";

export interface ProbePort {
  readonly vantage: "internet" | "vpc";
  resolve(host: string, signal: AbortSignal): Promise<Resolution>;
  /** One request over a connection of its own; redirects are reported, never followed. */
  http(request: HttpRequest, signal: AbortSignal): Promise<HttpObservation>;
  /** Connects and shakes hands, sends nothing. */
  tls(
    request: { readonly host: string; readonly port: number; readonly timeoutMs: number },
    signal: AbortSignal,
  ): Promise<TlsObservation>;
  /** null: not in the catalogue, so no request ever goes there. */
  hostRole(service: Service, host: string): HostRole | null;
  /** Whether the scoped key is there and looks like a key of this service. */
  keyState(service: Service): "configured" | "malformed" | "missing";
  /** The other catalogue models on the same service. */
  siblings(target: Target): readonly Target[];
}
