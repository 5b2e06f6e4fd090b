import type { HttpOutcome, NameProblem, Phase } from "#core/ports/probe.ts";

/** c-ares answers by code; the codes mean different things than the same ones in `connect`. */
export function nameProblem(code: string): NameProblem {
  const outcomes: Readonly<Record<string, NameProblem["outcome"]>> = {
    ENOTFOUND: "no-such-name",
    ENODATA: "no-address",
    ESERVFAIL: "name-server-failure",
    EREFUSED: "name-server-refused",
    ETIMEOUT: "name-server-timeout",
    ECONNREFUSED: "name-server-unreachable",
  };
  return { outcome: outcomes[code] ?? "name-server-garbled", code };
}

const certificateOutcomes: Readonly<Record<string, HttpOutcome>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-untrusted",
  CERT_UNTRUSTED: "certificate-untrusted",
  CERT_SIGNATURE_FAILURE: "certificate-untrusted",
  CERT_REVOKED: "certificate-untrusted",
  INVALID_CA: "certificate-untrusted",
  CERT_HAS_EXPIRED: "certificate-expired",
  CERT_NOT_YET_VALID: "certificate-not-yet-valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-wrong-name",
  HOSTNAME_MISMATCH: "certificate-wrong-name",
};

export const certificateOutcome = (code: string): HttpOutcome =>
  certificateOutcomes[code] ?? "tls-failed";

/** The code of any thrown thing, or its class name where it has none (undici's HTTPParserError). */
export function codeOf(error: unknown): string {
  if (error === null || typeof error !== "object") return String(error);
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "HTTPParserError") return name;
  return typeof code === "string" ? code : typeof name === "string" ? name : "unknown";
}

/**
 * What an error means where it happened. Time-outs never come here: the phase alone names them.
 * The same ECONNRESET is three different faults in connect, headers and body.
 */
export function outcomeOf(phase: Exclude<Phase, "dns">, code: string): HttpOutcome {
  if (/CERTIFICATE_REQUIRED/u.test(code)) return "client-certificate-wanted";
  if (phase === "connect") {
    if (code === "ECONNREFUSED") return "connection-refused";
    if (code === "ETIMEDOUT") return "connect-timeout";
    return /^E(?:HOST|NET)UNREACH$/u.test(code) ? "network-unreachable" : "connect-failed";
  }
  if (phase === "tls") {
    if (code in certificateOutcomes) return certificateOutcome(code);
    if (
      /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|BAD_RECORD_TYPE/u.test(
        code,
      )
    ) {
      return "not-tls";
    }
    return ["ECONNRESET", "EPIPE", "ECONNABORTED"].includes(code) ? "tls-reset" : "tls-failed";
  }
  const reset = ["ECONNRESET", "EPIPE", "ECONNABORTED"].includes(code);
  if (phase === "headers") {
    if (reset) return "reset-before-answer";
    return code === "HTTPParserError" || code === "UND_ERR_HEADERS_OVERFLOW"
      ? "not-http"
      : "closed-without-answer";
  }
  if (code === "HTTPParserError") return "not-http";
  return reset ? "reset-in-body" : "truncated";
}

export const timeoutIn: Readonly<Record<Exclude<Phase, "body">, HttpOutcome>> = {
  dns: "name-server-timeout",
  connect: "connect-timeout",
  tls: "tls-timeout",
  headers: "headers-timeout",
};
