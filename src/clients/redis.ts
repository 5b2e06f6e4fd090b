import type { Socket } from "node:net";
import type { Secrets, Service } from "#core/config.ts";
import { messageOf } from "#core/errors.ts";
import { denied, FactUnavailable, notApplicable } from "#core/missing.ts";
import type {
  ConnectionOutcome,
  DependencyPorts,
  RedisObservation,
} from "#core/ports/dependencies.ts";
import type { Redactor } from "#core/redact.ts";
import { conversationMs, isReached, reachEndpoint, takesTls } from "./endpoint.ts";
import { ownDeadline, type Connector } from "./probe/connection.ts";
import { codeOf } from "./probe/outcome.ts";
import { ownNow, within } from "./probe/own-time.ts";
import { createRedisWire, RedisRefusal } from "./redis-wire.ts";

const answerMs = 2_000;

type Talk = Omit<RedisObservation, "endpoint" | "tookMs">;

interface Login {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly username: string;
  readonly password: string;
}

export function createRedis(
  connector: Connector,
  secrets: Secrets,
  redactor: Redactor,
): DependencyPorts["redis"] {
  return {
    ping: async (service, signal) => {
      const login = readLogin(service, secrets);
      const started = ownNow();
      const endpoint = `${login.host}:${login.port}`;
      const answer = (seen: Omit<RedisObservation, "endpoint" | "tookMs">): RedisObservation => ({
        ...seen,
        endpoint,
        detail: redactor.text(seen.detail).slice(0, 200),
        tookMs: Math.round(ownNow() - started),
      });
      return answer(
        await within(conversationMs, signal, (soon) => converse(connector, login, signal, soon)),
      );
    },
  };
}

async function converse(
  connector: Connector,
  login: Login,
  signal: AbortSignal,
  soon: AbortSignal,
): Promise<Talk> {
  const reached = await reachEndpoint(connector, "Redis", login, signal, soon);
  if (!isReached(reached)) return { ...reached, memory: null };
  const seen = await within(answerMs, soon, (end) => talk(login, reached.socket, signal, end));
  if (seen.outcome !== "broken") return seen;
  // A TLS port drops whoever speaks in the clear, and whoever shows no certificate where it wants one.
  const tls = await takesTls(connector, reached, soon);
  if (tls === "no" || (tls === "yes" && login.secure)) return seen;
  const detail = login.secure
    ? "a client certificate is wanted"
    : "the port speaks TLS, and redis:// does not";
  return { ...seen, outcome: "tls-failure", detail };
}

function readLogin(service: Service, secrets: Secrets): Login {
  const setting = service.dependencies.redis;
  const url =
    setting === null || setting.url === null
      ? null
      : typeof setting.url === "string"
        ? setting.url
        : secrets(setting.url);
  if (url != null) {
    if (!URL.canParse(url))
      throw new FactUnavailable({
        reason: "broken",
        detail: "the address of Redis is no URL",
        mend: "write it as rediss://user:password@host:6379",
      });
    const { protocol, hostname, port, username, password } = new URL(url);
    return {
      host: hostname.replace(/^\[|\]$/gu, ""),
      port: Number(port) || 6379,
      secure: protocol === "rediss:",
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
    };
  }
  if (setting?.host != null)
    return { host: setting.host, port: setting.port, secure: false, username: "", password: "" };
  const name = setting?.url !== null && typeof setting?.url === "object" ? setting.url.env : null;
  throw notApplicable(
    "Redis is not configured for the bot",
    name === null
      ? "set dependencies.redis on the service in hokusai.yaml"
      : `set ${name}, or dependencies.redis.host`,
  );
}

async function talk(
  login: Login,
  socket: Socket,
  signal: AbortSignal,
  deadline: AbortSignal,
): Promise<Talk> {
  const wire = createRedisWire(socket, deadline);
  try {
    const { username, password } = login;
    if (password !== "") await wire.ask("AUTH", ...(username === "" ? [] : [username]), password);
    const detail = await wire.ask("PING");
    const info = await wire.ask("INFO", "memory").catch((error: unknown) => {
      if (error instanceof RedisRefusal) return "";
      throw error;
    });
    return { outcome: "ok", code: null, detail, memory: toMemory(info) };
  } catch (error) {
    if (signal.aborted) throw ownDeadline("Redis");
    if (deadline.aborted)
      return { outcome: "timeout", code: null, detail: "connected, but no answer", memory: null };
    return toProblem(error);
  } finally {
    socket.destroy();
  }
}

/** Error words: redis.io, "Redis serialization protocol specification" and `src/server.c`. */
function toProblem(error: unknown): Talk {
  const message = messageOf(error);
  const code = codeOf(error);
  // The login was taken; what our user may not do says nothing of the API's.
  if (/^NOPERM/iu.test(message)) throw denied("+ping to the bot's user in Redis", message, error);
  const outcome: ConnectionOutcome = /^LOADING\b/iu.test(message)
    ? "starting"
    : /^ERR max number of clients/iu.test(message)
      ? "too-many-connections"
      : /^(?:WRONGPASS|NOAUTH|ERR (?:invalid password|AUTH|Client sent AUTH))/iu.test(message)
        ? "auth-error"
        : /CERT|SSL|TLS/u.test(code)
          ? "tls-failure"
          : "broken";
  return { outcome, code: code === "Error" ? null : code, detail: message, memory: null };
}

function toMemory(info: string): RedisObservation["memory"] {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*)$`, "mu").exec(info)?.[1]?.trim();
  const used = field("used_memory");
  return used === undefined
    ? null
    : {
        used: Number(used),
        maximum: Number(field("maxmemory") ?? 0),
        policy: field("maxmemory_policy") ?? "unknown",
      };
}
