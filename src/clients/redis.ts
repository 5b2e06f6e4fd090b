import { isIP } from "node:net";
import { createClient } from "redis";
import type { Secrets, Service } from "#core/config.ts";
import { messageOf } from "#core/errors.ts";
import { FactUnavailable, notApplicable } from "#core/missing.ts";
import type {
  ConnectionOutcome,
  DependencyPorts,
  RedisObservation,
} from "#core/ports/dependencies.ts";
import type { Redactor } from "#core/redact.ts";
import { isEndpoint, reachEndpoint, type Endpoint } from "./endpoint.ts";
import { ownDeadline, type Connector } from "./probe/connection.ts";
import { codeOf } from "./probe/outcome.ts";
import { ownNow, within } from "./probe/own-time.ts";

const answerMs = 2_000;

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
      const reached = await reachEndpoint(
        connector,
        "Redis",
        login.host,
        login.port,
        signal,
        login.secure,
      );
      if (!isEndpoint(reached)) return answer({ ...reached, memory: null });
      return answer(
        await within(answerMs, signal, (soon) =>
          talk(login, reached, connector.authorities, signal, soon),
        ),
      );
    },
  };
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

type Talk = Omit<RedisObservation, "endpoint" | "tookMs">;

async function talk(
  login: Login,
  at: Endpoint,
  authorities: readonly string[],
  signal: AbortSignal,
  deadline: AbortSignal,
): Promise<Talk> {
  const client = createClient({
    socket: {
      host: at.address,
      port: at.port,
      connectTimeout: answerMs * 2,
      reconnectStrategy: false,
      ...(login.secure
        ? {
            tls: true as const,
            ca: [...authorities],
            ...(isIP(login.host) === 0 ? { servername: login.host } : {}),
          }
        : {}),
    },
    disableOfflineQueue: true,
    ...(login.username === "" ? {} : { username: login.username }),
    ...(login.password === "" ? {} : { password: login.password }),
  });
  client.on("error", () => {});
  const conversation = async (): Promise<Talk> => {
    await client.connect();
    await client.ping();
    return {
      outcome: "ok",
      code: null,
      detail: "PONG",
      memory: toMemory(await client.info("memory").catch(() => "")),
    };
  };
  try {
    return await Promise.race([conversation(), aborted(deadline)]);
  } catch (error) {
    if (signal.aborted) throw ownDeadline("Redis");
    if (deadline.aborted)
      return { outcome: "timeout", code: null, detail: "connected, but no answer", memory: null };
    return toProblem(error);
  } finally {
    if (client.isOpen) client.destroy();
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(new Error("time is up"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });

function toProblem(error: unknown): Talk {
  const message = messageOf(error);
  const code = codeOf(error);
  const outcome: ConnectionOutcome =
    /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:invalid password|AUTH|Client sent AUTH))/iu.test(message)
      ? "auth-error"
      : /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/u.test(code)
        ? "tls-failure"
        : code === "ECONNREFUSED"
          ? "refused"
          : /ConnectionTimeout|ETIMEDOUT/u.test(
                `${code} ${error instanceof Error ? error.constructor.name : ""}`,
              )
            ? "timeout"
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
