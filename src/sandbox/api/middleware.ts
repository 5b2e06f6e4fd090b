/** src/middleware/auth.py: every request but the public ones needs a key that the auth service accepts. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { DialError } from "../net/wires.ts";
import { sendRequest } from "../net/request.ts";
import type { ApiProgram } from "../world/state.ts";
import { cacheAddressFrom, runCacheCommand } from "./cache.ts";
import { nameErrorOf } from "./name-errors.ts";
import { printAs } from "./program.ts";
import type { Surroundings } from "./program.ts";

const logger = "src.middleware.auth";
const publicPaths = new Set(["/", "/health", "/openapi.json", "/docs"]);
const cacheSeconds = 300;
/** Long enough to stand for "no time-out in the code". */
const forever = 130_000;

export type Authorisation =
  | { kind: "public" }
  | { kind: "allowed"; key: string; scopes: string[] }
  | { kind: "refused"; status: number; detail: string };

const keyIn = (headers: IncomingHttpHeaders): string | null => {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const direct = headers["x-api-key"];
  return bearer ?? (typeof direct === "string" ? direct : null);
};

export const createMiddleware = (program: ApiProgram, surroundings: Surroundings) => {
  const { wires, address, environment, print, ca } = surroundings;
  const cache = cacheAddressFrom(environment);
  const validateUrl = `${environment.get("HOKUSAI_AUTH_SERVICE_URL") ?? ""}/api/v1/keys/validate`;

  const cached = async (words: string[]): Promise<string | null> => {
    if (cache === null) return null;
    try {
      return await runCacheCommand(wires, address, cache, words, 500);
    } catch (error) {
      printAs(
        print,
        "WARNING",
        logger,
        `Redis error, going on without cache: ${redisError(error, cache)}`,
      );
      return null;
    }
  };

  const ask = async (key: string, requestId: string): Promise<Authorisation> => {
    const timeoutMs =
      program.authTimeoutSeconds === null ? forever : program.authTimeoutSeconds * 1000;
    try {
      const answer = await sendRequest({
        wires,
        from: address,
        url: validateUrl,
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "python-httpx/0.27.2" },
        body: JSON.stringify({ api_key: key, service: "hokusai-api" }),
        timeoutMs,
        ca,
      });
      if (answer.status === 200) {
        const { scopes } = JSON.parse(answer.body) as { scopes: string[] };
        await cached(["SET", cacheKey(key), JSON.stringify(scopes), "EX", `${cacheSeconds}`]);
        return { kind: "allowed", key, scopes };
      }
      if (answer.status === 401) {
        if (program.refusals !== undefined) return { kind: "refused", ...program.refusals };
        const { error } = JSON.parse(answer.body) as { error: string };
        return { kind: "refused", status: 401, detail: `Invalid API key: ${error}` };
      }
      printAs(
        print,
        "ERROR",
        logger,
        `auth service error: HTTP ${answer.status} from ${validateUrl} request_id=${requestId}`,
      );
    } catch (error) {
      const seconds = (timeoutMs / 1000).toFixed(1);
      const code = error instanceof DialError ? error.code : "EUNKNOWN";
      const text =
        code === "ETIMEDOUT"
          ? `auth service timeout after ${seconds}s: POST ${validateUrl}`
          : `auth service connection error: ${connectError(code, error)} for POST ${validateUrl}`;
      printAs(print, "ERROR", logger, `${text} request_id=${requestId}`);
    }
    return { kind: "refused", status: 503, detail: "Authentication service unavailable" };
  };

  return async (
    path: string,
    headers: IncomingHttpHeaders,
    requestId: string,
  ): Promise<Authorisation> => {
    if (publicPaths.has(path)) return { kind: "public" };
    if (program.auth === "off") return { kind: "allowed", key: "anybody", scopes: ["model:*"] };
    const key = keyIn(headers);
    if (key === null) {
      if (program.refusals !== undefined) return { kind: "refused", ...program.refusals };
      return {
        kind: "refused",
        status: 401,
        detail: "API key required: send it as 'Authorization: Bearer hk_...'",
      };
    }
    if (!key.startsWith("hk_")) {
      return { kind: "refused", status: 401, detail: "Invalid API key: keys start with hk_" };
    }
    const known = await cached(["GET", cacheKey(key)]);
    if (known !== null) return { kind: "allowed", key, scopes: JSON.parse(known) as string[] };
    return await ask(key, requestId);
  };
};

const cacheKey = (key: string): string =>
  `auth:${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;

const connectError = (code: string, error: unknown): string => {
  if (code === "ECONNREFUSED") return "httpx.ConnectError: [Errno 111] Connection refused";
  const name = nameErrorOf(error);
  if (name !== null) return `httpx.ConnectError: [Errno ${name.errno}] ${name.text}`;
  if (code === "ECONNRESET")
    return "httpx.RemoteProtocolError: Server disconnected without sending a response.";
  return `httpx.ConnectError: ${error instanceof Error ? error.message : "unknown"}`;
};

const redisError = (error: unknown, at: { host: string; port: number }): string => {
  const code = error instanceof DialError ? error.code : "";
  if (code === "ECONNREFUSED") {
    return `redis.exceptions.ConnectionError: Error 111 connecting to ${at.host}:${at.port}. Connection refused.`;
  }
  const name = nameErrorOf(error);
  if (name !== null) {
    return `redis.exceptions.ConnectionError: Error ${name.errno} connecting to ${at.host}:${at.port}. ${name.text}.`;
  }
  if (code === "ETIMEDOUT")
    return `redis.exceptions.TimeoutError: Timeout connecting to ${at.host}:${at.port}`;
  if (code === "EREPLY") return `redis.exceptions.ResponseError: ${(error as Error).message}`;
  return `redis.exceptions.ConnectionError: ${error instanceof Error ? error.message : "unknown"}`;
};
