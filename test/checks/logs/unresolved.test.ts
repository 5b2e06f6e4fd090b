/**
 * Names that do not resolve, as the libraries of different systems put it: let through by the pattern that
 * CloudWatch Logs is asked with, and told from the dependency's own trouble. And what the offline API writes
 * when its own look-up fails.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auth } from "#checks/logs/auth.ts";
import { database } from "#checks/logs/database.ts";
import { hub } from "#checks/logs/hub.ts";
import { redis } from "#checks/logs/redis.ts";
import type { Check } from "#core/check.ts";
import type { ValueOf } from "#core/fact.ts";
import { logLines } from "#facts/log-lines.ts";
import { filterPattern } from "#facts/log-lines/filter-pattern.ts";
import { kindOf, type LogKind } from "#facts/log-lines/kinds.ts";
import { wordingOf } from "#facts/log-lines/wording.ts";
import { toLineTest } from "../../../src/sandbox/aws/logs/pattern.ts";
import type { Fault } from "../../../src/sandbox/faults/fault.ts";
import { faultNamed } from "../../../src/sandbox/faults/index.ts";
import { startLivingWorld } from "../../../src/sandbox/world/living.ts";
import { appendLog } from "../../../src/sandbox/world/state.ts";
import { openAwsBench, startAwsBench, type AwsBench } from "../aws-bench.ts";

const group = "/ecs/hokusai-api-development";
const names = ["redis", "database", "hub", "auth"] as const;
type Name = (typeof names)[number];
const checks = { redis, database, hub, auth };
const checkOf = (name: Name): Check => checks[name];

/** Each is a line of its own, as the log driver cuts a traceback. */
const wordings: readonly (readonly [of: string, dependency: Name, text: string])[] = [
  [
    "redis-py, glibc",
    "redis",
    "redis.exceptions.ConnectionError: Error -2 connecting to cache.internal.example:6379. Name or service not known.",
  ],
  [
    "redis-py, a port and a host that do not say Redis",
    "redis",
    "ConnectionError: Error -3 connecting to kv-a.internal.example:7001. Temporary failure in name resolution.",
  ],
  [
    "redis-py, no address",
    "redis",
    "Error -5 connecting to cache.internal.example:6379. No address associated with hostname.",
  ],
  [
    "redis-py, macOS",
    "redis",
    "redis cache off: Error 8 connecting to localcache:6379. nodename nor servname provided, or not known.",
  ],
  [
    "redis-py, musl",
    "redis",
    "WARNING cache: Error -3 connecting to cache.internal.example:6379. Try again.",
  ],
  [
    "redis-py, musl, no such name",
    "redis",
    "WARNING redis unavailable (cache.internal.example): Name does not resolve",
  ],
  ["Node's redis client", "redis", "[ioredis] getaddrinfo ENOTFOUND cache.internal.example"],
  [
    "Node's redis client, resolver away",
    "redis",
    "redis client: getaddrinfo EAI_AGAIN cache.internal.example",
  ],
  [
    "Go's redis client",
    "redis",
    "redis: connection pool: dial tcp: lookup cache.internal.example on 10.0.0.2:53: no such host",
  ],
  [
    "Go's redis client, name servers fail",
    "redis",
    "ERROR redis: dial tcp: lookup cache.internal.example on 10.0.0.2:53: server misbehaving",
  ],
  [
    "Java's redis client",
    "redis",
    "redis.clients.jedis.exceptions.JedisConnectionException: java.net.UnknownHostException: cache.internal.example",
  ],
  [
    "libpq",
    "database",
    'psycopg2.OperationalError: could not translate host name "db.internal.example" to address: Name or service not known',
  ],
  [
    "libpq alone, resolver away",
    "database",
    'could not translate host name "pg-a.internal.example" to address: Temporary failure in name resolution',
  ],
  [
    "libpq, musl",
    "database",
    'could not translate host name "pg-a.internal.example" to address: Try again',
  ],
  [
    "SQLAlchemy",
    "database",
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not translate host name "db" to address: nodename nor servname provided, or not known',
  ],
  [
    "psycopg 3",
    "database",
    "psycopg.OperationalError: failed to resolve host 'db.internal.example': [Errno -2] Name or service not known",
  ],
  [
    "asyncpg",
    "database",
    "ERROR database pool: socket.gaierror: [Errno -5] No address associated with hostname",
  ],
  [
    "a JSON logger",
    "database",
    '{"level":"error","logger":"app.database","exc":"socket.gaierror: [Errno -3] Temporary failure in name resolution"}',
  ],
  [
    "urllib3 below huggingface_hub",
    "hub",
    "requests.exceptions.ConnectionError: (MaxRetryError('HTTPSConnectionPool(host=\\'huggingface.co\\', port=443): Max retries exceeded with url: /api/models/a/b (Caused by NameResolutionError(\"<HTTPSConnection(host=\\'huggingface.co\\', port=443) at 0x7f00>: Failed to resolve \\'huggingface.co\\' ([Errno -2] Name or service not known)\"))'), '(Request ID: 0f)')",
  ],
  [
    "older urllib3",
    "hub",
    "HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded (Caused by NewConnectionError('<HTTPSConnection object at 0x7f00>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution'))",
  ],
  [
    "the hub's files",
    "hub",
    "Cannot connect to host cdn-lfs.hf.co:443 ssl:default [Name or service not known]",
  ],
  ["curl in a start script", "hub", "curl: (6) Could not resolve host: huggingface.co"],
  [
    "httpx",
    "auth",
    "ERROR auth service connection error: httpx.ConnectError: [Errno -2] Name or service not known",
  ],
  [
    "httpx, resolver away",
    "auth",
    "httpx.ConnectError: [Errno -3] Temporary failure in name resolution for https://auth.hokus.ai/api/v1/keys/validate",
  ],
  [
    "httpx, the name servers refuse",
    "auth",
    "auth service: [Errno -4] Non-recoverable failure in name resolution",
  ],
  ["httpx, macOS", "auth", "auth client: [Errno 8] nodename nor servname provided, or not known"],
  [
    "aiohttp",
    "auth",
    "aiohttp.client_exceptions.ClientConnectorDNSError: Cannot connect to host auth.hokus.ai:443 ssl:default [Name or service not known]",
  ],
  [
    "aiohttp with c-ares",
    "auth",
    "Cannot connect to host auth.hokus.ai:443 ssl:default [Domain name not found]",
  ],
  [
    "aiohttp with c-ares, resolver away",
    "auth",
    "WARNING auth.hokus.ai: Timeout while contacting DNS servers",
  ],
  [
    "aiohttp with c-ares, no address",
    "auth",
    "Cannot connect to host auth.hokus.ai:443 ssl:default [DNS server returned answer with no data]",
  ],
  ["Windows", "auth", "auth service: [Errno 11001] getaddrinfo failed"],
  ["Java", "auth", "java.net.UnknownHostException: auth.hokus.ai: Name or service not known"],
  ["Node", "auth", "auth service: getaddrinfo ENOTFOUND auth.hokus.ai"],
];

/** What looks like it in part, and is something else. */
const others: readonly (readonly [kind: LogKind | null, text: string])[] = [
  ["redis", "redis: zlib.error: Error -3 while decompressing data: incorrect header"],
  [
    "redis",
    "redis.exceptions.ConnectionError: Error 22 connecting to cache:6379. Invalid argument.",
  ],
  [null, "WARNING redis: name resolution of cache.internal.example took 240 ms"],
  [null, "INFO redis: cache.internal.example resolves to 10.0.9.4"],
  [
    "database",
    'psycopg2.OperationalError: connection to server at "db.internal.example" (10.0.9.5), port 5432 failed: FATAL:  role "api" does not exist',
  ],
  [
    "hub",
    "huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error. Repository Not Found for url: https://huggingface.co/api/models/a/b.",
  ],
  ["auth-timeout", "ERROR auth service timeout after 10.0s: POST https://auth.hokus.ai/"],
  ["auth-error", "ERROR auth service: httpx.ConnectError: [Errno -1] for auth.hokus.ai"],
  ["other-error", "java.net.UnknownHostException: metrics.internal.example"],
];

describe("a name that does not resolve, in the words of", () => {
  let bench: AwsBench;
  beforeAll(async () => {
    bench = await startAwsBench((state) => {
      for (const [i, [, , text]] of wordings.entries())
        appendLog(state, group, "api/hokusai-api/a", text, state.now() - 60_000 + i);
    });
  });
  afterAll(async () => bench[Symbol.asyncDispose]());

  it.each(wordings)("%s (%s)", (_of, dependency, text) => {
    expect(kindOf(text, wordingOf(bench.target))).toBe(`${dependency}-unresolved`);
  });

  it.each(others)("not: %s, %s", (kind, text) => {
    expect(kindOf(text, wordingOf(bench.target))).toBe(kind);
  });

  it("is let through by CloudWatch Logs, line by line", async () => {
    const gathered = await bench.gather(logLines);
    if (gathered.state !== "known") throw new Error("the lines were not read");
    const { groups } = gathered.value as ValueOf<typeof logLines>;
    const counts = names.map((name) => groups?.kinds[`${name}-unresolved`].count);
    expect(counts).toEqual(
      names.map((name) => wordings.filter(([, dependency]) => dependency === name).length),
    );
    const outcomes = names.map(async (name) => bench.outcome(checkOf(name)));
    expect(await Promise.all(outcomes)).toEqual(names.map(() => "unresolved"));
  });

  // AWS: at most 1,024 characters, and beside a term without "?" those with it are not looked for.
  it("passes a pattern that leaves room for the names of variables", () => {
    const pattern = filterPattern([]);
    expect(pattern.length).toBeLessThan(700);
    expect(pattern).toMatch(/^(?:\?"(?:[^"\\]|\\.)+" ?)+$/u);
    const lets = toLineTest(pattern);
    expect(wordings.filter(([, , text]) => !lets(text))).toEqual([]);
    expect(lets("INFO redis: cache.internal.example resolves to 10.0.9.4")).toBe(false);
  });
});

describe.concurrent("the API itself says of its own look-up", () => {
  it.each<readonly [Name, Fault, string]>([
    [
      "redis",
      faultNamed("redis-name-gone"),
      "Error -2 connecting to redis.hokusai-development.local:6379. Name or service not known.",
    ],
    [
      "database",
      faultNamed("database-name-gone"),
      'could not translate host name "database.hokusai-development.local" to address: Name or service not known',
    ],
    [
      "auth",
      faultNamed("auth-name-gone"),
      "httpx.ConnectError: [Errno -2] Name or service not known",
    ],
    [
      "auth",
      faultNamed("auth-servfail"),
      "httpx.ConnectError: [Errno -3] Temporary failure in name resolution",
    ],
    ["hub", faultNamed("hub-name-failing"), "HTTPSConnectionPool(host='huggingface.co', port=443)"],
  ])("%s: $1.id", { timeout: 30_000 }, async (dependency, fault, words) => {
    const world = await startLivingWorld([fault]);
    try {
      await world.settled();
      await using bench = await openAwsBench(world.state);
      expect(await bench.outcome(checkOf(dependency))).toBe("unresolved");
      expect(await bench.said(checkOf(dependency))).toContain(words);
    } finally {
      await world.stop();
    }
  });
});
