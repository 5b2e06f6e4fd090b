/** What only a server of our own may be made to do: run full, take no more clients, ask for TLS, hang. */
import { createClient } from "redis";
import { Client } from "pg";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDependencyPorts } from "#clients/dependencies.ts";
import { redis as redisCheck } from "#checks/dependencies/redis.ts";
import type { Dependencies, Network } from "#core/config.ts";
import { createRedactor } from "#core/redact.ts";
import { createAuthority, selfSigned, type Authority } from "./probe/servers.ts";
import { limits, model, network, service } from "./probe/setting.ts";
import {
  postgresBinaries,
  redisBinary,
  startPostgres,
  startRedis,
  type Process,
} from "./own-servers.ts";

const required = process.env["HOKUSAI_REQUIRE_SERVICES"] === "1";
const wanted = (url: string): boolean => required || process.env[url] !== undefined;
const howTo =
  "apt-get install redis-server postgresql; HOKUSAI_REQUIRE_SERVICES=1 npx vitest run test/clients/dependencies-own.test.ts";
const withRedis = wanted("TEST_REDIS_URL") && redisBinary !== undefined;
const withPostgres = wanted("TEST_DATABASE_URL") && postgresBinaries !== undefined;
if (!(withRedis && withPostgres) && !required)
  process.stderr.write(`Skipped on servers of our own. To run: ${howTo}\n`);

it.runIf(required)("has the programs that this run requires", () => {
  expect([redisBinary, postgresBinaries], howTo).not.toContain(undefined);
});

const day = 86_400_000;
const never = new AbortController().signal;
let authority: Authority;
let folder: string;
const running: Process[] = [];
const use = async (server: Promise<Process>): Promise<Process> => {
  const started = await server;
  running.push(started);
  return started;
};
beforeAll(async () => {
  authority = await createAuthority();
  folder = mkdtempSync(join(tmpdir(), "dependencies-own-"));
  writeFileSync(join(folder, "ca.pem"), authority.pem);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

const portsWith = (changes: Partial<Network> = {}) =>
  createDependencyPorts({
    config: {
      services: [service],
      models: [model],
      limits,
      secrets: () => undefined,
      network: {
        ...network,
        ca: join(folder, "ca.pem"),
        allowPrivate: ["127.0.0.0/8"],
        ...changes,
      },
    },
    redactor: createRedactor(),
    version: "0",
  });
const having = (dependencies: Partial<Dependencies>) => ({
  ...service,
  dependencies: { ...service.dependencies, ...dependencies },
});

describe.runIf(withRedis)("a Redis of our own", () => {
  const ping = (url: string, changes: Partial<Network> = {}) =>
    portsWith(changes).redis.ping(having({ redis: { url, host: null, port: 6379 } }), never);
  /** Certificates name hosts, so the server gets a name that the port map leads to it. */
  const byName = { vantage: "vpc" } as const;
  const named = (port: number): Partial<Network> => ({
    ...byName,
    portMap: { "cache.internal:6379": `127.0.0.1:${port}` },
  });

  it("is full: at its memory's limit, with nothing that it may evict", async () => {
    const { port } = await use(
      startRedis({ settings: ["--maxmemory", "100kb", "--maxmemory-policy", "noeviction"] }),
    );
    const seen = await ping(`redis://127.0.0.1:${port}`);
    expect(seen).toMatchObject({ outcome: "ok", memory: { policy: "noeviction" } });
    const judged = redisCheck.judge({ redis: seen }, { target: model, reported: null, now: 0 });
    expect(judged).toMatchObject({ outcome: "full" });
  });

  it.each([
    ["right", ":right@", "ok"],
    ["wrong", ":wrong@", "auth-error"],
    ["none", "", "auth-error"],
  ])("a password: %s", async (_name, login, outcome) => {
    const { port } = await use(startRedis({ settings: ["--requirepass", "right"] }));
    expect(await ping(`redis://${login}127.0.0.1:${port}`)).toMatchObject({ outcome });
  });

  it("users: one that may, one that may not read memory, one that may not ping", async () => {
    const user = (name: string, ...rules: string[]) => ["--user", name, "on", ">right", ...rules];
    const { port } = await use(
      startRedis({
        settings: [
          ...user("probe", "+ping", "+info"),
          ...user("mute", "+ping"),
          ...user("nobody", "-@all"),
        ],
      }),
    );
    const as = (name: string, password = "right") =>
      ping(`redis://${name}:${password}@127.0.0.1:${port}`);
    expect((await as("probe")).memory?.used).toBeGreaterThan(0);
    expect(await as("probe", "wrong")).toMatchObject({ outcome: "auth-error" });
    expect(await as("mute")).toMatchObject({ outcome: "ok", memory: null });
    await expect(as("nobody")).rejects.toMatchObject({ missing: { reason: "denied" } });
  });

  it.each([
    ["a good certificate", () => authority.issue("cache.internal"), "ok", null],
    [
      "an expired one",
      () => authority.issue("cache.internal", -9 * day, -day),
      "tls-failure",
      "CERT_HAS_EXPIRED",
    ],
    [
      "one of an unknown authority",
      async () => (await createAuthority("Somebody Else")).issue("cache.internal"),
      "tls-failure",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
    [
      "one for another name",
      () => authority.issue("other.internal"),
      "tls-failure",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    [
      "a self-signed one",
      () => selfSigned("cache.internal"),
      "tls-failure",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
  ])("TLS with %s", async (_name, issue, outcome, code) => {
    const { port } = await use(startRedis({ tls: await issue() }));
    expect(await ping("rediss://cache.internal", named(port))).toMatchObject({ outcome, code });
  });

  it("plain where it wants TLS, and TLS where it has none", async () => {
    const secure = await use(startRedis({ tls: await authority.issue("cache.internal") }));
    expect(await ping("redis://cache.internal", named(secure.port))).toMatchObject({
      outcome: "tls-failure",
      detail: "the port speaks TLS, and redis:// does not",
    });
    const plain = await use(startRedis());
    expect(await ping("rediss://cache.internal", named(plain.port))).toMatchObject({
      outcome: "tls-failure",
    });
  });

  it("TLS with a client certificate that we do not have", async () => {
    const tls = await authority.issue("cache.internal");
    const { port } = await use(startRedis({ tls, settings: ["--tls-auth-clients", "yes"] }));
    expect(await ping("rediss://cache.internal", named(port))).toMatchObject({
      outcome: "tls-failure",
    });
  });

  it("is loading", async () => {
    const first = await use(startRedis({ settings: ["--enable-debug-command", "yes"] }));
    const client = createClient({ url: `redis://127.0.0.1:${first.port}` });
    await client.connect();
    await client.sendCommand(["DEBUG", "POPULATE", "5000", "key", "2000"]);
    await client.sendCommand(["SAVE"]);
    const dir = (await client.configGet("dir"))["dir"] ?? "";
    client.destroy();
    const dump = readFileSync(join(dir, "dump.rdb"));
    const slowly = ["--key-load-delay", "2000", "--loading-process-events-interval-bytes", "1024"];
    const { port } = await use(startRedis({ dump, settings: slowly }));
    const seen = await ping(`redis://127.0.0.1:${port}`);
    expect(seen).toMatchObject({ outcome: "starting" });
    expect(seen.detail).toMatch(/^LOADING/u);
  });

  it("has as many clients as it takes", async () => {
    const { port } = await use(startRedis());
    const first = createClient({ url: `redis://127.0.0.1:${port}` });
    await first.connect();
    await first.configSet("maxclients", "1");
    expect(await ping(`redis://127.0.0.1:${port}`)).toMatchObject({
      outcome: "too-many-connections",
    });
    first.destroy();
  });

  it("hangs, then is gone", async () => {
    const server = await use(startRedis());
    server.freeze();
    expect(await ping(`redis://127.0.0.1:${server.port}`)).toMatchObject({ outcome: "timeout" });
    await server.close();
    expect(await ping(`redis://127.0.0.1:${server.port}`)).toMatchObject({ outcome: "refused" });
  });
});

describe.runIf(withPostgres)("a Postgres of our own", () => {
  const table = "deployed_models";
  const read = (url: string, changes: Partial<Network> = {}) =>
    portsWith(changes).database.deployedModels(
      having({ database: { url, host: null, port: 5432, table } }),
      "21",
      never,
    );
  const loopback = (port: number, user: string, rest = "") =>
    `postgres://${user}@127.0.0.1:${port}/postgres${rest}`;

  it("passwords, connection slots, a hanging server", { timeout: 20_000 }, async () => {
    const server = await use(
      startPostgres({
        access: ["host all postgres 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256"],
        settings: { max_connections: "5", superuser_reserved_connections: "1" },
      }),
    );
    const { port } = server;
    const admin = new Client({ connectionString: loopback(port, "postgres") });
    await admin.connect();
    await admin.query("CREATE ROLE probe LOGIN PASSWORD 'right'");
    await admin.query(`CREATE TABLE ${table} (id text, model_id text, status text)`);
    const wish = { right: await read(loopback(port, "probe:right")) };
    // Logged in, but nobody granted it the table.
    expect(wish.right).toMatchObject({ outcome: "ok", code: "42501", rows: null });
    await admin.query(`GRANT SELECT ON ${table} TO probe`);
    expect(await read(loopback(port, "probe:right"))).toMatchObject({ outcome: "ok", rows: [] });
    expect(await read(loopback(port, "probe:wrong"))).toMatchObject({
      outcome: "auth-error",
      code: "28P01",
    });
    expect(await read(loopback(port, "probe"))).toMatchObject({ outcome: "auth-error" });
    expect(await read(loopback(port, "probe:right", "?sslmode=require"))).toMatchObject({
      outcome: "tls-failure",
    });

    await admin.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    expect(await read(loopback(port, "probe:right"))).toMatchObject({
      outcome: "timeout",
      code: "57014",
    });
    await admin.query("ROLLBACK");

    const held: Client[] = [];
    for (let full = false; !full;) {
      const client = new Client({ connectionString: loopback(port, "probe:right") });
      // oxlint-disable-next-line no-await-in-loop -- until one is refused
      full = await client.connect().then(
        () => held.push(client) > 5,
        () => true,
      );
    }
    expect(await read(loopback(port, "probe:right"))).toMatchObject({
      outcome: "too-many-connections",
      code: "53300",
    });
    await Promise.all([admin, ...held].map((client) => client.end()));

    server.freeze();
    const hanging = await read(loopback(port, "probe:right"));
    expect(hanging).toMatchObject({ outcome: "timeout" });
    expect(hanging.tookMs).toBeLessThan(4_500);
  });

  it("TLS, wanted by the server or by us", { timeout: 20_000 }, async () => {
    const { port } = await use(
      startPostgres({
        access: ["hostssl all all 127.0.0.1/32 scram-sha-256"],
        tls: await authority.issue("db.internal"),
      }),
    );
    const login = "postgres://postgres:right@db.internal/postgres";
    const way: Partial<Network> = {
      vantage: "vpc",
      portMap: { "db.internal:5432": `127.0.0.1:${port}` },
    };
    const rows: readonly (readonly [mode: string, outcome: string, code: string | null])[] = [
      ["", "ok", "42P01"],
      ["?sslmode=require", "ok", "42P01"],
      ["?sslmode=verify-full", "ok", "42P01"],
      ["?sslmode=disable", "tls-failure", "28000"],
    ];
    for (const [mode, outcome, code] of rows) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      expect([mode, await read(`${login}${mode}`, way)]).toMatchObject([mode, { outcome, code }]);
    }
    const stranger = join(folder, "stranger.pem");
    writeFileSync(stranger, (await createAuthority("Somebody Else")).pem);
    expect(await read(`${login}?sslmode=verify-full`, { ...way, ca: stranger })).toMatchObject({
      outcome: "tls-failure",
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
    expect(await read(`${login}?sslmode=require`, { ...way, ca: stranger })).toMatchObject({
      outcome: "ok",
    });
  });
});
