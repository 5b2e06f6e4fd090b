/** From one HTTP request to its answer: read, disturb as the state says, perform, write. */
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { uuid } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";
import { toAnswer, toErrorAnswer } from "./answer.ts";
import type { AnswerBody, WireAnswer } from "./answer.ts";
import type { Caller, Operations } from "./call.ts";
import { htmlAnswer, nextDisturbance } from "./disturbance.ts";
import {
  accessDenied,
  AwsError,
  incompleteSignature,
  missingSignature,
  throttled,
  unknownAction,
} from "./error.ts";
import { stateIn } from "./place.ts";
import { toAwsRequest, UnreadableBody } from "./request.ts";
import type { AwsRequest, RequestLine } from "./request.ts";
import { resourceOf } from "./resource.ts";
import type { Sessions } from "./sts.ts";

/** One call as it came in; times are epoch milliseconds of the world's clock. */
export interface ServedCall {
  readonly action: string;
  /** The members as the wire names them. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** When its answer was ready; null where none is yet, or none comes. */
  endedAt: number | null;
}

export interface Desk {
  readonly state: WorldState;
  /** By IAM prefix. */
  readonly operations: Readonly<Record<string, Operations>>;
  readonly sessions: Sessions;
  readonly calls: ServedCall[];
  readonly closing: AbortSignal;
}

/** "never" where the state says that nothing shall come. */
export const answerTo = async (
  desk: Desk,
  headers: IncomingHttpHeaders,
  body: string,
  line: RequestLine = {},
): Promise<WireAnswer | "never"> => {
  const requestId = uuid();
  let read: AwsRequest | undefined;
  try {
    read = toAwsRequest(headers, body, line);
  } catch (error) {
    if (error instanceof UnreadableBody) return toErrorAnswer(error.api, error, requestId);
    throw error;
  }
  if (read === undefined) {
    const text = "<UnknownOperationException/>\n";
    return { status: 404, headers: { "content-type": "text/xml" }, body: text };
  }
  const { action, input } = read;
  const call: ServedCall = { action, input, at: desk.state.now(), endedAt: null };
  desk.calls.push(call);
  const answer = await answerRead(desk, read, requestId);
  if (answer !== "never") call.endedAt = desk.state.now();
  return answer;
};

const answerRead = async (
  desk: Desk,
  read: AwsRequest,
  requestId: string,
): Promise<WireAnswer | "never"> => {
  const { api, action, operation } = read;
  const plane = desk.state.controlPlane;
  const { delayMs, kind } = nextDisturbance(plane, action);
  if (delayMs > 0) await delay(delayMs, undefined, { signal: desk.closing });
  if (kind === "hang") return "never";
  if (kind === "html") return htmlAnswer(200, plane.brokenPage);
  if (kind === "gateway-error") return htmlAnswer(502, plane.brokenPage);
  try {
    if (kind === "throttle") throw throttled(api);
    return toAnswer(api, operation, perform(desk, read, kind === "deny"), requestId);
  } catch (error) {
    if (error instanceof AwsError) return toErrorAnswer(api, error, requestId);
    // A mistake of this server: AWS would say InternalFailure, a person should see what it was.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failure = new AwsError("InternalFailure", message, { status: 500 });
    return toErrorAnswer(api, failure, requestId);
  }
};

const perform = (desk: Desk, read: AwsRequest, denied: boolean): AnswerBody => {
  const { api, action, operation, input, signature } = read;
  if (signature.state === "missing") throw missingSignature(api);
  if (signature.state === "incomplete") throw incompleteSignature(api);
  const operations = desk.operations[api.prefix];
  const run = Object.hasOwn(operations ?? {}, operation) ? operations?.[operation] : undefined;
  if (run === undefined) throw unknownAction(api, operation);
  const account = desk.state.account;
  const fallback: Caller = {
    arn: `arn:aws:sts::${account}:assumed-role/hokusai-diagnostics/sandbox`,
    account,
  };
  const caller = desk.sessions.callerOf(signature.accessKeyId, fallback);
  if (denied) {
    throw accessDenied(api, action, caller.arn, resourceOf(desk.state, action, input));
  }
  const state = stateIn(desk.state, { account: caller.account, region: signature.region });
  return run({ state, api, input, caller });
};
