import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { GraphQLSchema } from "graphql";
import type { FailurePlan } from "../failures.ts";
import { complexityOf, LARGEST_QUERY } from "./complexity.ts";
import type { Context } from "./context.ts";
import { invalid, linearError } from "./errors.ts";
import type { LinearErrorCode } from "./errors.ts";
import { carryOut, readOperation, toAnswered } from "./execute.ts";
import type { GraphqlAnswer, Operation } from "./execute.ts";
import type { RateLimit } from "./rate-limit.ts";

/** One request to /graphql, as it came in. */
export interface LinearCall {
  /** ISO 8601 */
  readonly at: string;
  readonly operation: string | null;
  readonly fields: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly complexity: number;
  /** HTTP status; null when the answer was lost or the connection cut. */
  readonly status: number | null;
  /** `extensions.code` of the first error. */
  readonly error: string | null;
}

export interface EndpointContext {
  readonly schema: GraphQLSchema;
  readonly failures: FailurePlan;
  readonly limit: () => RateLimit;
  /** Who may ask: API keys go bare, OAuth tokens as "Bearer". Gives the user's id. */
  readonly viewerOf: (authorization: string | undefined) => string | null;
  readonly contextOf: (viewerId: string) => Context;
  readonly stopping: AbortSignal;
  readonly now: () => number;
}

export interface Endpoint {
  readonly calls: readonly LinearCall[];
  serve(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void>;
}

/** POST /graphql: who asks, what is planned to fail, what it costs, and the answer. */
export function createEndpoint(context: EndpointContext): Endpoint {
  const { schema, failures, limit, stopping, now } = context;
  const calls: LinearCall[] = [];

  const serve: Endpoint["serve"] = async (request, response, body) => {
    const call = newCall(new Date(now()).toISOString());
    calls.push(call);
    const answer = (status: number, content: GraphqlAnswer): void => {
      call.error = codeOf(content);
      if (failures.takeLostAnswer([...call.fields, call.operation ?? ""])) {
        response.destroy();
        return;
      }
      call.status = status;
      const headers = { "content-type": "application/json", ...limit().headers(call.complexity) };
      response.writeHead(status, headers).end(JSON.stringify(content));
    };
    const refuse = (status: number, code: LinearErrorCode, message: string): void =>
      answer(status, { errors: [toAnswered(linearError(code, message))] });

    const { authorization } = request.headers;
    const viewerId = context.viewerOf(authorization);
    if (viewerId === null) {
      return authorization?.startsWith("Bearer lin_api_") === true
        ? refuse(400, "AUTHENTICATION_ERROR", "an API key goes without the word Bearer")
        : refuse(401, "AUTHENTICATION_ERROR", "Authentication required, not authenticated");
    }
    const operation = readOperation(schema, parseJson(body));
    if (!("document" in operation)) return answer(400, { errors: operation.map(toAnswered) });
    Object.assign(call, describe(schema, operation));

    const failure = failures.take(operation.names);
    if (failure === "RATELIMITED") return answer(400, rateLimited());
    if (typeof failure === "string") {
      const status = failure === "INTERNAL_SERVER_ERROR" ? 500 : 200;
      return refuse(status, failure as LinearErrorCode, `planned by the sandbox: ${failure}`);
    }
    if (failure !== undefined && "reset" in failure) {
      response.destroy();
      return;
    }
    if (failure !== undefined && "http" in failure) {
      const retry = failure.retryAfterSeconds;
      call.status = failure.http;
      response.writeHead(failure.http, retry === undefined ? {} : { "retry-after": String(retry) });
      response.end("planned by the sandbox");
      return;
    }
    if (failure !== undefined) {
      await wait(failure.delayMs, undefined, { signal: stopping }).catch(() => undefined);
    }
    if (call.complexity > LARGEST_QUERY) {
      const detail = `Query too complex: ${call.complexity} of ${LARGEST_QUERY}`;
      return answer(400, { errors: [toAnswered(invalid(detail))] });
    }
    if (!limit().spend(call.complexity)) return answer(400, rateLimited());
    answer(200, await carryOut(schema, operation, context.contextOf(viewerId)));
  };
  return { calls, serve };
}

type OpenCall = { -readonly [Key in keyof LinearCall]: LinearCall[Key] };

const newCall = (at: string): OpenCall => ({
  at,
  operation: null,
  fields: [],
  variables: {},
  complexity: 0,
  status: null,
  error: null,
});

function describe(schema: GraphQLSchema, operation: Operation): Partial<LinearCall> {
  const { definition, document, variables, names } = operation;
  const name = definition.name?.value ?? null;
  return {
    operation: name,
    fields: name === null ? names : names.slice(0, -1),
    variables,
    complexity: complexityOf(schema, document, definition, variables),
  };
}

const codeOf = ({ errors }: GraphqlAnswer): string | null => {
  const first = errors?.[0] as { readonly extensions?: { readonly code?: string } } | undefined;
  return first?.extensions?.code ?? null;
};

/** As documented: a code and no type. */
const rateLimited = (): GraphqlAnswer => ({
  errors: [{ message: "Rate limit exceeded", extensions: { code: "RATELIMITED" } }],
});

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
