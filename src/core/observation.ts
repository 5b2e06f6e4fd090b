/** Reading an HttpObservation: shared by the facts and checks of everything that is probed. Pure. */
import type { HttpObservation, HttpOutcome, TlsObservation } from "./ports/probe.ts";

export type OutcomeFamily = "answered" | "name" | "connect" | "tls" | "timeout" | "broken";

const families: Readonly<Record<HttpOutcome, OutcomeFamily>> = {
  answered: "answered",
  "no-such-name": "name",
  "no-address": "name",
  "name-server-failure": "name",
  "name-server-refused": "name",
  "name-server-timeout": "name",
  "name-server-unreachable": "name",
  "name-server-garbled": "name",
  "connection-refused": "connect",
  "connect-timeout": "connect",
  "network-unreachable": "connect",
  "connect-failed": "connect",
  "tls-timeout": "tls",
  "tls-reset": "tls",
  "tls-failed": "tls",
  "not-tls": "tls",
  "certificate-self-signed": "tls",
  "certificate-untrusted": "tls",
  "certificate-expired": "tls",
  "certificate-not-yet-valid": "tls",
  "certificate-wrong-name": "tls",
  "client-certificate-wanted": "tls",
  "headers-timeout": "timeout",
  "body-stalled": "timeout",
  "body-unfinished": "timeout",
  "reset-before-answer": "broken",
  "closed-without-answer": "broken",
  "not-http": "broken",
  "reset-in-body": "broken",
  truncated: "broken",
};

const sentences: Readonly<Record<HttpOutcome, string>> = {
  answered: "answered",
  "no-such-name": "the name does not exist",
  "no-address": "the name has no address",
  "name-server-failure": "the name server failed",
  "name-server-refused": "the name server refused to answer",
  "name-server-timeout": "the name server did not answer",
  "name-server-unreachable": "the name server cannot be reached",
  "name-server-garbled": "the name server's answer made no sense",
  "connection-refused": "connection refused",
  "connect-timeout": "connect timeout",
  "network-unreachable": "network unreachable",
  "connect-failed": "connection failed",
  "tls-timeout": "TLS handshake timeout",
  "tls-reset": "reset during the TLS handshake",
  "tls-failed": "TLS handshake failed",
  "not-tls": "the port does not speak TLS",
  "certificate-self-signed": "self-signed certificate",
  "certificate-untrusted": "certificate of an unknown authority",
  "certificate-expired": "certificate expired",
  "certificate-not-yet-valid": "certificate not valid yet",
  "certificate-wrong-name": "certificate for another name",
  "client-certificate-wanted": "a client certificate is wanted",
  "headers-timeout": "connected, but no answer",
  "reset-before-answer": "connection reset before an answer",
  "closed-without-answer": "connection closed without an answer",
  "not-http": "the answer is not HTTP",
  "body-stalled": "the answer's body stalled",
  "body-unfinished": "the answer's body never ended",
  "reset-in-body": "connection reset within the body",
  truncated: "the answer's body is cut short",
};

export const familyOf = (seen: Pick<TlsObservation, "outcome">): OutcomeFamily =>
  families[seen.outcome];

/** "12 ms", "3.0 s". */
export const duration = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

/** What came back, as one line: "401 JSON in 12 ms", "connect timeout after 3.0 s (10.0.4.7:443)". */
export function seenLine(seen: TlsObservation & Partial<HttpObservation>): string {
  const where = seen.address === null ? seen.host : `${seen.address}:${seen.port}`;
  if (seen.outcome !== "answered") {
    return `${sentences[seen.outcome]} after ${duration(seen.totalMs)} (${where})`;
  }
  if (seen.status === undefined || seen.status === null)
    return `connected in ${duration(seen.totalMs)}`;
  return `${seen.status} ${kindOf(seen)} in ${duration(seen.totalMs)}`;
}

const kindOf = (seen: Partial<HttpObservation>): string => {
  if (isJson(seen)) return "JSON";
  if (isHtml(seen)) return "HTML";
  return seen.body === ""
    ? "empty"
    : (seen.headers?.["content-type"]?.split(";")[0] ?? "no content type");
};

export const isJson = (seen: Partial<HttpObservation>): boolean =>
  /\bjson\b/iu.test(seen.headers?.["content-type"] ?? "");

export const isHtml = (seen: Partial<HttpObservation>): boolean =>
  /\bhtml\b/iu.test(seen.headers?.["content-type"] ?? "") ||
  /^\s*<(?:!doctype|html)/iu.test(seen.body ?? "");

/** The body as JSON; undefined where it is none, or was cut. */
export function jsonOf(seen: Pick<HttpObservation, "body" | "bodyCut">): unknown {
  if (seen.bodyCut) return undefined;
  try {
    return JSON.parse(seen.body);
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** The methods of an Allow header; null where there is none. */
export const allowedMethods = (seen: Pick<HttpObservation, "headers">): readonly string[] | null =>
  seen.headers["allow"]?.split(",").map((method) => method.trim().toUpperCase()) ?? null;

/**
 * Who wrote a 405. An application server that knows the path but not the method says so in JSON and
 * names the methods it has; a web server with static pages answers HTML, or no Allow (docs/probing.md).
 */
export function methodNotAllowedBy(seen: HttpObservation): "application" | "another-server" | null {
  if (seen.outcome !== "answered" || seen.status !== 405) return null;
  const methods = allowedMethods(seen);
  const ours = isJson(seen) && methods !== null && !methods.includes(seen.method.toUpperCase());
  return ours ? "application" : "another-server";
}

/**
 * Who wrote a 404. Starlette's router says exactly {"detail":"Not Found"} of a path that it does not know;
 * what a route itself does not find, it says in its own words.
 */
export function notFoundBy(
  seen: HttpObservation,
): "router" | "application" | "another-server" | null {
  if (seen.outcome !== "answered" || seen.status !== 404) return null;
  const body = jsonOf(seen);
  if (edgeLayer(seen) !== "app" || !isRecord(body)) return "another-server";
  const bare = Object.keys(body).length === 1 && body["detail"] === "Not Found";
  return bare ? "router" : "application";
}

/** FastAPI names the place of each problem of a 422 in `loc`; the bodies differ by version, `loc` does not. */
export function refusedPlace(seen: Pick<HttpObservation, "body" | "bodyCut">): string | null {
  const answer = jsonOf(seen);
  const detail = isRecord(answer) ? answer["detail"] : null;
  const problems: readonly unknown[] = Array.isArray(detail) ? detail : [];
  const [first] = problems;
  if (!isRecord(first) || !Array.isArray(first["loc"])) return null;
  const message = typeof first["msg"] === "string" ? `: ${first["msg"].slice(0, 80)}` : "";
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : "";
  return `${first["loc"].map(String).join(".").slice(0, 100)}${message}${more}`;
}

export type EdgeLayer =
  | "app"
  | "load-balancer-404"
  | "load-balancer-fixed"
  | "gateway-502"
  | "gateway-503"
  | "gateway-504"
  | "timeout"
  | "no-connection"
  | "tls-failure"
  | "no-name"
  | "block-page"
  | "foreign-answer";

/** The furthest layer that a request reached, from the answer alone. */
export function edgeLayer(seen: HttpObservation): EdgeLayer {
  const family = familyOf(seen);
  if (family === "name") return "no-name";
  if (family === "tls") return "tls-failure";
  if (family === "timeout") return "timeout";
  if (family === "connect") return "no-connection";
  if (family === "broken") return seen.outcome === "not-http" ? "foreign-answer" : "no-connection";
  const status = seen.status ?? 0;
  const loadBalancer = /^awselb/iu.test(seen.headers["server"] ?? "");
  const html = isHtml(seen);
  if (isBlockPage(seen, status, html)) return "block-page";
  if (loadBalancer || html) {
    if (status === 502) return "gateway-502";
    if (status === 503) return "gateway-503";
    if (status === 504) return "gateway-504";
  }
  if (loadBalancer) return status === 404 ? "load-balancer-404" : "load-balancer-fixed";
  return html ? "foreign-answer" : "app";
}

/** A firewall or CDN that answers by itself marks it in headers, or shows an HTML page where JSON is due. */
function isBlockPage(seen: HttpObservation, status: number, html: boolean): boolean {
  if (seen.headers["x-amzn-waf-action"] !== undefined || seen.headers["cf-mitigated"] !== undefined)
    return true;
  const edge = /cloudflare|akamai|cloudfront|awselb|sucuri|imperva|incapsula|fastly/iu.test(
    `${seen.headers["server"] ?? ""} ${seen.headers["via"] ?? ""}`,
  );
  if (!html) return false;
  if ([403, 429].includes(status) && edge) return true;
  return (
    /captcha|access denied|request blocked|attention required/iu.test(seen.body) &&
    [403, 429, 503].includes(status)
  );
}
