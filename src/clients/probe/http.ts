import { TLSSocket } from "node:tls";
import { Client } from "undici";
import { FactUnavailable } from "#core/missing.ts";
import type {
  HttpObservation,
  HttpOutcome,
  HttpRequest,
  Phase,
  Timings,
} from "#core/ports/probe.ts";
import type { Redactor } from "#core/redact.ts";
import { ownDeadline, type Connector, type Opened, type Wish } from "./connection.ts";
import { alertAfter } from "./dial.ts";
import { codeOf, outcomeOf, timeoutIn } from "./outcome.ts";
import { elapsed, ownNow, within } from "./own-time.ts";

/** What is sent in the end: keys and marks are on it already. */
export interface RawRequest extends Omit<HttpRequest, "key" | "runId"> {
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly used: HttpObservation["key"];
}
export type SendHttp = (request: RawRequest, signal: AbortSignal) => Promise<HttpObservation>;

const kept =
  /^(?:server|content-type|allow|location|www-authenticate|retry-after|x-request-id|via|x-amzn-[a-z-]+|x-amz-cf-[a-z-]+|x-amz-apigw-id|cf-[a-z-]+|x-ratelimit-[a-z-]+|x-process-time)$/u;
const wholeBody = 65_536;

export function createHttp(connector: Connector, redactor: Redactor): SendHttp {
  return (request, signal) =>
    within(request.timeoutMs, signal, async (soon) => {
      const started = ownNow();
      const url = new URL(request.url);
      const secure = url.protocol === "https:";
      const wish = {
        host: url.hostname.replace(/^\[|\]$/gu, ""),
        port: Number(url.port) || (secure ? 443 : 80),
        secure,
        connectTimeoutMs: request.connectTimeoutMs ?? 3_000,
        ...(request.address === undefined ? {} : { address: request.address }),
      };
      const opened = await connector.open(wish, soon);
      const answer =
        opened.socket === null ? nothing(opened) : await exchange(url, request, opened, soon);
      if (secure && answer.phase === "headers" && answer.code !== null) {
        const code = await certificateAlert(connector, wish, soon);
        if (code !== null) Object.assign(answer, { outcome: outcomeOf("headers", code), code });
      }
      if (signal.aborted && answer.outcome !== "answered")
        throw ownDeadline(`${request.method} ${url.host}`);
      const text = redactor.text(answer.body);
      const limit = request.bodyLimit ?? wholeBody;
      return {
        host: url.hostname,
        port: Number(url.port) || (secure ? 443 : 80),
        address: opened.address,
        vantage: connector.vantage,
        outcome: answer.outcome,
        phase: answer.phase,
        code: answer.code,
        timings: answer.timings,
        totalMs: elapsed(started),
        certificate: opened.certificate,
        method: request.method,
        url: redactor.text(`${url.origin}${url.pathname}${url.search}`),
        requestId: request.requestId,
        key: request.used,
        status: answer.status,
        headers: redactor.json(answer.headers),
        body: text.slice(0, limit),
        bodyCut: answer.cut || text.length > limit,
      };
    });
}

interface Answer {
  outcome: HttpOutcome;
  phase: Phase | null;
  code: string | null;
  timings: Timings;
  status: number | null;
  headers: Record<string, string>;
  body: string;
  cut: boolean;
}

const nothing = (opened: Opened): Answer => ({
  outcome: opened.failure?.outcome ?? "connect-failed",
  phase: opened.failure?.phase ?? "connect",
  code: opened.failure?.code ?? null,
  timings: opened.timings,
  status: null,
  headers: {},
  body: "",
  cut: false,
});

/** One request on a socket that is already open, by a client that lives for this request only. */
async function exchange(
  url: URL,
  request: RawRequest,
  opened: Opened,
  signal: AbortSignal,
): Promise<Answer> {
  const timings = { ...opened.timings };
  const answer: Answer = {
    outcome: "answered",
    phase: null,
    code: null,
    timings,
    status: null,
    headers: {},
    body: "",
    cut: false,
  };
  const socket = opened.socket;
  if (socket === null) return nothing(opened);
  let taken = false;
  const client = new Client(url.origin, {
    // A connector has to call back asynchronously; undici must never dial by itself.
    connect: (_options, callback) => {
      setImmediate(() => {
        if (taken) callback(new Error("one request a connection"), null);
        else callback(null, socket);
        taken = true;
      });
    },
    // Its timers are too coarse; the signal is the deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    maxHeaderSize: 65_536,
  });
  let phase: "headers" | "body" = "headers";
  let since = ownNow();
  let lastByte = since;
  const chunks: Buffer[] = [];
  let size = 0;
  const limit = (request.bodyLimit ?? wholeBody) * 2 + 4_096;
  try {
    const response = await client.request({
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      reset: true,
      signal,
    });
    timings.headers = elapsed(since);
    answer.status = response.statusCode;
    answer.headers = selectHeaders(response.headers);
    phase = "body";
    since = lastByte = ownNow();
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      lastByte = ownNow();
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) {
        answer.cut = true;
        break;
      }
    }
    timings.body = elapsed(since);
  } catch (error) {
    if (error instanceof FactUnavailable) throw error;
    answer.phase = phase;
    if (signal.aborted) {
      answer.outcome = phase === "headers" ? timeoutIn.headers : bodyTimeout(since, lastByte);
    } else {
      answer.code = codeOf(error);
      answer.outcome = outcomeOf(phase, answer.code);
    }
  } finally {
    answer.body = Buffer.concat(chunks).toString("utf8");
    socket.on("error", () => {});
    await client.destroy().catch(() => {});
    socket.destroy();
  }
  return answer;
}

/** A round trip, with much to spare. */
const alertMs = 500;

/**
 * Where a server closes instead of answering: the code by which it asks for a client certificate, once more
 * and with nothing sent, because what was sent turns that alert into a plain close as often as not.
 */
async function certificateAlert(
  connector: Connector,
  wish: Wish,
  signal: AbortSignal,
): Promise<string | null> {
  const { socket } = await connector.open(wish, signal);
  if (!(socket instanceof TLSSocket)) return null;
  const code = await within(alertMs, signal, (soon) => alertAfter(socket, soon));
  return code !== null && outcomeOf("headers", code) === "client-certificate-wanted" ? code : null;
}

/** Silent for the second half of the body's time: stalled. Else it would have gone on for ever. */
function bodyTimeout(since: number, lastByte: number): HttpOutcome {
  const now = ownNow();
  return now - lastByte > (now - since) / 2 ? "body-stalled" : "body-unfinished";
}

function selectHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const selected: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !kept.test(name.toLowerCase())) continue;
    selected[name.toLowerCase()] = (Array.isArray(value) ? value.join(", ") : value).slice(0, 500);
  }
  return selected;
}
