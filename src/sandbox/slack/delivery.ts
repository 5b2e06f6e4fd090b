import { isObject, parseJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { ResponseUrls } from "./response-url.ts";
import { signedHeaders } from "./signature.ts";
import type { EnvelopeType, SocketMode } from "./socket-mode.ts";

/** How the bot answered something a person did. */
export interface Acknowledged {
  /** HTTP status (200 over a socket); null when nothing came within the 3 s that Slack waits. */
  readonly status: number | null;
  readonly body: string;
  /** Milliseconds until the answer, or until Slack gave up. */
  readonly tookMs: number;
  /** What was sent, to be sent again with `redeliver`. */
  readonly request: SentRequest;
}

export interface SentRequest {
  readonly type: EnvelopeType;
  readonly payload: Json;
  /** Over HTTP; null for a socket. */
  readonly url: string | null;
}

export interface Retry {
  readonly num: number;
  readonly reason: "http_timeout" | "http_error" | "connection_failed";
}

export interface DeliveryContext {
  readonly socketMode: SocketMode;
  readonly signingSecret: string;
  readonly now: () => number;
}

const ACK_WITHIN_MS = 3_000;

/** Sends what happened in Slack to the bot: signed over HTTP, or over an open socket. */
export async function deliver(
  request: SentRequest,
  retry: Retry | undefined,
  { socketMode, signingSecret, now }: DeliveryContext,
): Promise<Acknowledged> {
  const startedAt = performance.now();
  const answered = (status: number | null, body = ""): Acknowledged => ({
    status,
    body,
    tookMs: performance.now() - startedAt,
    request,
  });
  if (request.url === null) {
    if (socketMode.connections === 0) {
      throw new Error("the bot is not connected: no request URL and no open socket");
    }
    const again =
      retry === undefined ? {} : { retry_attempt: retry.num, retry_reason: retry.reason };
    const ack = await socketMode.deliver(request.type, request.payload, again, ACK_WITHIN_MS);
    if (ack === null) return answered(null);
    return answered(200, ack.payload == null ? "" : JSON.stringify(ack.payload));
  }
  const { body, contentType } = encoded(request);
  const headers = {
    ...signedHeaders(signingSecret, body, now()),
    "content-type": contentType,
    connection: "close",
    ...(retry === undefined
      ? {}
      : { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
  };
  try {
    const signal = AbortSignal.timeout(ACK_WITHIN_MS);
    const answer = await fetch(request.url, { method: "POST", body, headers, signal });
    return answered(answer.status, await answer.text());
  } catch {
    return answered(null);
  }
}

/** Slash commands are forms, interactions a form with JSON in it, events JSON. */
function encoded({ type, payload }: SentRequest): {
  readonly body: string;
  readonly contentType: string;
} {
  if (type === "events_api")
    return { body: JSON.stringify(payload), contentType: "application/json" };
  const fields =
    type === "interactive"
      ? { payload: JSON.stringify(payload) }
      : (payload as Record<string, string>);
  return {
    body: new URLSearchParams(fields).toString(),
    contentType: "application/x-www-form-urlencoded",
  };
}

/** What a command's acknowledgement says is shown like a message of its response_url; silence as an error. */
export async function showAcknowledgement(
  sent: Acknowledged,
  origin: { readonly channel: string; readonly user: string; readonly command: string },
  responseUrls: ResponseUrls,
): Promise<void> {
  const where = { channel: origin.channel, user: origin.user, messageTs: null };
  if (sent.status === 200) {
    if (sent.body.trim() === "") return;
    const parsed = parseJson(sent.body);
    await responseUrls.respond(where, isObject(parsed) ? parsed : { text: sent.body });
    return;
  }
  const silent = sent.status === null && sent.tookMs >= ACK_WITHIN_MS - 50;
  const error = silent ? "operation_timeout" : "dispatch_failed";
  await responseUrls.respond(where, { text: `${origin.command} failed with the error "${error}"` });
}
