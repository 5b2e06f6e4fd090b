import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { FailurePlan } from "../failures.ts";
import type { Json } from "./json.ts";
import { failed } from "./methods.ts";

/** One Web API call of the bot, as it came in; tokens are left out. */
export interface SlackCall {
  /** ISO 8601 */
  readonly at: string;
  readonly method: string;
  readonly args: Json;
  /** HTTP status; null when the answer was lost or the connection cut. */
  readonly status: number | null;
  /** Slack's error code; null when it went well. */
  readonly error: string | null;
}

/** A call on its way: recorded as it arrives, completed as it is answered. */
export interface Arrived {
  readonly call: SlackCall;
  /** Carries a planned failure out; false when the call is to go on. */
  failsAsPlanned(): Promise<boolean>;
  json(content: Json, status?: number, headers?: Record<string, string>): void;
  text(status: number, body: string): void;
  tooMany(retryAfterSeconds: number): void;
  /** The work is done: true when its answer is planned to be lost. */
  losesAnswer(error: unknown): boolean;
}

export interface CallLog {
  readonly calls: readonly SlackCall[];
  arrive(method: string, args: Json, response: ServerResponse): Arrived;
}

const codeOf = (error: unknown): string | null => (typeof error === "string" ? error : null);

export function createCallLog(
  failures: FailurePlan,
  stopping: AbortSignal,
  now: () => number,
): CallLog {
  const calls: SlackCall[] = [];
  const arrive: CallLog["arrive"] = (method, args, response) => {
    const call: { -readonly [Key in keyof SlackCall]: SlackCall[Key] } = {
      at: new Date(now()).toISOString(),
      method,
      args,
      status: null,
      error: null,
    };
    calls.push(call);
    const write = (
      status: number,
      type: string,
      body: string,
      headers: Record<string, string>,
    ): void => {
      call.status = status;
      response.writeHead(status, { "content-type": type, ...headers }).end(body);
    };
    const cut = (error: unknown): void => {
      call.error = codeOf(error);
      response.destroy();
    };
    const arrived: Arrived = {
      call,
      json(content, status = 200, headers = {}) {
        call.error = codeOf(content["error"]);
        write(status, "application/json; charset=utf-8", JSON.stringify(content), headers);
      },
      text(status, body) {
        call.error = status === 200 ? null : body;
        write(status, "text/plain", body, {});
      },
      tooMany: (seconds) =>
        arrived.json(failed("ratelimited"), 429, { "retry-after": String(seconds) }),
      losesAnswer(error) {
        const lost = failures.takeLostAnswer([method]);
        if (lost) cut(error);
        return lost;
      },
      async failsAsPlanned() {
        const failure = failures.take([method]);
        if (failure === undefined) return false;
        if (failure === "ratelimited") arrived.tooMany(1);
        else if (typeof failure === "string") arrived.json(failed(failure));
        else if ("reset" in failure) cut("connection cut");
        else if ("delayMs" in failure) {
          await wait(failure.delayMs, undefined, { signal: stopping }).catch(() => undefined);
          return false;
        } else if (failure.http === 429) arrived.tooMany(failure.retryAfterSeconds ?? 1);
        else arrived.text(failure.http, `HTTP ${failure.http}, planned by the sandbox`);
        return true;
      },
    };
    return arrived;
  };
  return { calls, arrive };
}
