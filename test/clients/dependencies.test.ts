import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDependencyPorts } from "#clients/dependencies.ts";
import { quoteTable } from "#clients/postgres.ts";
import type { Dependencies, Network, Service } from "#core/config.ts";
import { createRedactor } from "#core/redact.ts";
import {
  closedPort,
  createAuthority,
  json,
  nameServer,
  onRequest,
  tcp,
  tls,
  type Authority,
  type Issued,
  type Running,
} from "./probe/servers.ts";
import { limits, model, network, service } from "./probe/setting.ts";
import {
  postgresServer,
  redisServer,
  type PostgresScript,
  type RedisScript,
} from "./wire-servers.ts";

const never = new AbortController().signal;
let authority: Authority;
let folder: string;
const running: Running[] = [];
const use = async (server: Promise<Running>): Promise<number> => {
  const started = await server;
  running.push(started);
  return started.port;
};
beforeAll(async () => {
  authority = await createAuthority();
  folder = mkdtempSync(join(tmpdir(), "dependencies-"));
  writeFileSync(join(folder, "ca.pem"), authority.pem);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

const having = (dependencies: Partial<Dependencies>): Service => ({
  ...service,
  dependencies: { ...service.dependencies, ...dependencies },
});
const portsWith = (changes: Partial<Network> = {}) =>
  createDependencyPorts({
    config: {
      services: [service],
      models: [model],
      limits,
      secrets: (name) => (name.env === "TOKEN" ? "hf_abcdefghijklmnop" : undefined),
      network: {
        ...network,
        ca: join(folder, "ca.pem"),
        allowPrivate: ["127.0.0.0/8"],
        ...changes,
      },
    },
    redactor: createRedactor(),
    version: "0.0.0",
  });

describe("redis over its wire", () => {
  const ping = async (url: string, changes: Partial<Network> = {}) =>
    portsWith(changes).redis.ping(having({ redis: { url, host: null, port: 6379 } }), never);
  const rows: readonly (readonly [string, RedisScript, string])[] = [
    ["ok", {}, "redis://127.0.0.1"],
    ["ok", { password: "right-password" }, "redis://:right-password@127.0.0.1"],
    ["auth-error", { password: "right-password" }, "redis://127.0.0.1"],
    ["auth-error", { password: "right-password" }, "redis://:wrong-password@127.0.0.1"],
    ["timeout", { silent: true }, "redis://127.0.0.1"],
    ["broken", { closes: true }, "redis://127.0.0.1"],
    ["tls-failure", {}, "rediss://127.0.0.1"],
  ];
  it.each(rows)("%s: %o %s", async (outcome, script, url) => {
    const port = await use(redisServer(script));
    const seen = await ping(`${url}:${port}`);
    expect(seen).toMatchObject({ outcome, endpoint: `127.0.0.1:${port}` });
    expect(JSON.stringify(seen)).not.toMatch(/password@|right-password|wrong-password/u);
  });

  it("reads memory, or does without it", async () => {
    const full = await use(
      redisServer({ info: "used_memory:990\r\nmaxmemory:1000\r\nmaxmemory_policy:noeviction\r\n" }),
    );
    expect((await ping(`redis://127.0.0.1:${full}`)).memory).toEqual({
      used: 990,
      maximum: 1000,
      policy: "noeviction",
    });
    const mute = await use(redisServer({ info: null }));
    expect(await ping(`redis://127.0.0.1:${mute}`)).toMatchObject({ outcome: "ok", memory: null });
  });

  it("refused", async () => {
    expect(await ping(`redis://127.0.0.1:${await closedPort()}`)).toMatchObject({
      outcome: "refused",
      code: "ECONNREFUSED",
    });
  });

  it("connects by TLS under its own name", async () => {
    const port = await use(redisServer({}, await authority.issue("cache.internal")));
    const names = await use(nameServer({ "cache.internal": [{ type: "A", data: "10.0.0.7" }] }));
    const changes = {
      resolver: `127.0.0.1:${names}`,
      portMap: { "cache.internal:6379": `127.0.0.1:${port}` },
    };
    expect(await ping("rediss://cache.internal", changes)).toMatchObject({
      outcome: "ok",
      endpoint: "cache.internal:6379",
    });
    const other = await use(redisServer({}, await authority.issue("elsewhere.internal")));
    const wrong = { ...changes, portMap: { "cache.internal:6379": `127.0.0.1:${other}` } };
    expect(await ping("rediss://cache.internal", wrong)).toMatchObject({ outcome: "tls-failure" });
  });

  it("says nothing of what it is not meant to reach", async () => {
    const missing = { missing: { reason: "not-applicable", availability: "never" } };
    await expect(ping("redis://10.0.0.7")).rejects.toMatchObject(missing);
    await expect(portsWith().redis.ping(having({ redis: null }), never)).rejects.toMatchObject(
      missing,
    );
    await expect(
      portsWith().redis.ping(
        having({ redis: { url: { env: "UNSET", configured: false }, host: null, port: 6379 } }),
        never,
      ),
    ).rejects.toThrow(/not configured/u);
  });

  it.skipIf(process.env["TEST_REDIS_URL"] === undefined)(
    "a real server (run with TEST_REDIS_URL=redis://127.0.0.1:6379)",
    async () => {
      expect(await ping(process.env["TEST_REDIS_URL"] ?? "")).toMatchObject({
        outcome: "ok",
        detail: "PONG",
      });
    },
  );
});

describe("the database over its wire", () => {
  const read = async (url: string, table = "deployed_models", changes: Partial<Network> = {}) =>
    portsWith(changes).database.deployedModels(
      having({ database: { url, host: null, port: 5432, table } }),
      "21",
      never,
    );
  const rows: readonly (readonly [string, PostgresScript, string, string | null])[] = [
    ["ok", { rows: [["3f0c", "21", "deployed"]] }, "", null],
    ["auth-error", { password: "right" }, "u:wrong@", "28P01"],
    ["auth-error", { failLogin: "3D000" }, "", "3D000"],
    ["too-many-connections", { failLogin: "53300" }, "", "53300"],
    ["starting", { failLogin: "57P03" }, "", "57P03"],
    ["timeout", { failQuery: "57014" }, "", "57014"],
    ["timeout", { silent: true }, "", null],
    ["broken", { closes: true }, "", null],
  ];
  it.each(rows)("%s: %o", async (outcome, script, login, code) => {
    const port = await use(postgresServer(script));
    const seen = await read(`postgres://${login}127.0.0.1:${port}/hokusai`);
    expect(seen.outcome).toBe(outcome);
    expect(seen.code).toBe(code);
    expect(seen.rows === null).toBe(outcome !== "ok");
  });

  it("reads in a read-only transaction with a time limit, by parameter", async () => {
    const statements: string[] = [];
    const port = await use(postgresServer({ rows: [["3f0c", "21", "deployed"]], statements }));
    const seen = await read(`postgres://127.0.0.1:${port}/hokusai`, "serving.deployed_models");
    expect(seen.rows).toEqual([{ id: "3f0c", modelId: "21", status: "deployed" }]);
    expect(statements[0]).toMatch(/^BEGIN TRANSACTION READ ONLY/u);
    expect(statements[1]).toMatch(/SET LOCAL statement_timeout = \d+/u);
    expect(statements[2]).toContain('FROM "serving"."deployed_models" WHERE model_id::text = $1');
    expect(statements.at(-1)).toBe("ROLLBACK");
  });

  it("a missing table or permission is not a broken database", async () => {
    const missing = await use(postgresServer({ failQuery: "42P01" }));
    expect(await read(`postgres://127.0.0.1:${missing}/x`)).toMatchObject({
      outcome: "ok",
      code: "42P01",
      rows: null,
    });
    const forbidden = await use(postgresServer({ failQuery: "42501" }));
    expect(await read(`postgres://127.0.0.1:${forbidden}/x`)).toMatchObject({
      outcome: "ok",
      code: "42501",
      rows: null,
    });
  });

  it("shakes hands by TLS, and is silent then", async () => {
    const issued = await authority.issue("db.internal");
    const port = await use(
      tcp((socket) =>
        socket.once("data", () => {
          socket.write("S");
          const secure = new TLSSocket(socket, { isServer: true, ...issued });
          secure.on("error", () => {});
          secure.resume();
        }),
      ),
    );
    const seen = await read(`postgres://127.0.0.1:${port}/x`);
    expect(seen).toMatchObject({ outcome: "timeout", rows: null });
  });

  it("wants TLS where the server has none", async () => {
    const port = await use(postgresServer({}));
    expect(await read(`postgres://127.0.0.1:${port}/x?sslmode=require`)).toMatchObject({
      outcome: "tls-failure",
    });
  });

  it.each(['t"; DROP TABLE x; --', "a.b.c", "", "1a", "a b", `a${"b".repeat(64)}`])(
    "never lets %s into a statement",
    (table) => {
      expect(() => quoteTable(table)).toThrow(/no table name/u);
    },
  );

  it.skipIf(process.env["TEST_DATABASE_URL"] === undefined)(
    "a real server (run with TEST_DATABASE_URL=postgres://...)",
    async () => {
      const seen = await read(process.env["TEST_DATABASE_URL"] ?? "", "pg_catalog.no_such_table");
      expect(seen).toMatchObject({ outcome: "ok", code: "42P01" });
    },
  );
});

describe("every phase takes its time", () => {
  /** The deadline of the facts that ask; what ends after it is our time-out and not the target's. */
  const deadlineMs = 4_900;
  const slowly = async (silent: (socket: Socket) => void) => {
    const names = await use(
      nameServer({ "d.internal": [{ type: "A", data: "10.0.0.7" }] }, {}, 850),
    );
    const port = await use(tcp(silent));
    const changes: Partial<Network> = { vantage: "vpc", resolver: `127.0.0.1:${names}` };
    return portsWith({ ...changes, portMap: { "d.internal:1": `127.0.0.1:${port}` } });
  };
  const shakingLate = (issued: Issued, greet: string) => (socket: Socket) => {
    socket.on("error", () => {});
    const shake = (): void => {
      const secure = new TLSSocket(socket, { isServer: true, ...issued });
      secure.on("error", () => {});
      secure.resume();
    };
    const begin = (): void => void setTimeout(shake, 1_700).unref();
    if (greet === "") return begin();
    socket.once("data", () => {
      socket.write(greet);
      begin();
    });
  };

  it.each(["redis", "rediss", "postgres", "postgres over TLS"])("%s", async (what) => {
    const issued = await authority.issue("d.internal");
    const secure = what === "rediss" || what.endsWith("TLS");
    const ports = await slowly(
      secure ? shakingLate(issued, what === "rediss" ? "" : "S") : (socket) => void socket.resume(),
    );
    const url = `${what.split(" ")[0] ?? ""}://d.internal:1/x`;
    const signal = AbortSignal.timeout(deadlineMs);
    const seen = what.startsWith("redis")
      ? await ports.redis.ping(having({ redis: { url, host: null, port: 1 } }), signal)
      : await ports.database.deployedModels(
          having({ database: { url, host: null, port: 1, table: "t" } }),
          "21",
          signal,
        );
    expect(seen).toMatchObject({ outcome: "timeout" });
    expect(seen.tookMs).toBeLessThan(deadlineMs - 400);
  });

  it("a name server that fails says nothing of the target", async () => {
    const names = await use(nameServer({}, { "d.internal": "SERVFAIL" }));
    const ports = portsWith({ vantage: "vpc", resolver: `127.0.0.1:${names}` });
    const redis = { url: "redis://d.internal:1", host: null, port: 1 };
    await expect(ports.redis.ping(having({ redis }), never)).rejects.toMatchObject({
      missing: { reason: "broken", detail: expect.stringContaining("ESERVFAIL") as unknown },
    });
    const gone = { url: "redis://gone.internal:1", host: null, port: 1 };
    expect(await ports.redis.ping(having({ redis: gone }), never)).toMatchObject({
      outcome: "no-name",
      code: "ENOTFOUND",
    });
  });
});

describe("hub and registry over HTTP", () => {
  const heads: string[] = [];
  const site = async (name: string, answer: (path: string) => string) => {
    heads.length = 0;
    const port = await use(
      tls(
        await authority.issue(name),
        onRequest((socket, head) => {
          heads.push(head);
          socket.end(answer(head.split(" ")[1] ?? ""));
        }),
      ),
    );
    const names = await use(nameServer({ [name]: [{ type: "A", data: "192.0.2.9" }] }));
    return portsWith({
      resolver: `127.0.0.1:${names}`,
      portMap: { [`${name}:443`]: `127.0.0.1:${port}` },
    });
  };
  const hub = {
    url: "https://huggingface.co",
    token: { env: "TOKEN", configured: true },
    repository: "owner/model name",
  };

  it("asks who the token is and for the repository, and keeps no body", async () => {
    const ports = await site("huggingface.co", (path) =>
      json(path.includes("whoami") ? 200 : 404, { name: "a person", email: "a@b.example" }),
    );
    const seen = await ports.hub.repository(having({ hub }), "r", never);
    expect(seen.token?.status).toBe(200);
    expect(seen.model?.status).toBe(404);
    expect(heads.join()).toContain("/api/models/owner/model%20name");
    expect(heads[0]).toContain("Bearer hf_abcdefghijklmnop");
    expect(JSON.stringify(seen)).not.toMatch(/hf_|person|@b\.example/u);
  });

  it("works without a token", async () => {
    const ports = await site("huggingface.co", () => json(401, {}));
    const seen = await ports.hub.repository(having({ hub: { ...hub, token: null } }), "r", never);
    expect(seen).toMatchObject({ token: null, model: { status: 401 } });
    expect(heads.join().toLowerCase()).not.toContain("authorization");
  });

  const registry = { url: "https://registry.example", token: null, model: "lead scoring" };
  it("takes the newest version by number", async () => {
    const versions = [
      { version: "9", current_stage: "Staging", status: "READY" },
      { version: "10", current_stage: "Production", status: "READY" },
    ];
    const ports = await site("registry.example", () =>
      json(200, { registered_model: { name: "x", latest_versions: versions } }),
    );
    const seen = await ports.registry.model(having({ registry }), "r", never);
    expect(seen.latest).toEqual({ version: "10", stage: "Production", status: "READY" });
    expect(heads[0]).toContain("name=lead%20scoring");
  });

  it("tells an unknown model from a wrong address", async () => {
    const unknown = await site("registry.example", () =>
      json(404, { error_code: "RESOURCE_DOES_NOT_EXIST" }),
    );
    expect(await unknown.registry.model(having({ registry }), "r", never)).toMatchObject({
      latest: null,
      answer: { status: 404 },
    });
    const elsewhere = await site(
      "registry.example",
      () => "HTTP/1.1 404 X\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n",
    );
    await expect(elsewhere.registry.model(having({ registry }), "r", never)).rejects.toMatchObject({
      missing: { reason: "broken" },
    });
  });
});

it("lets nothing keep the process alive", async () => {
  const port = await use(tcp(() => {}));
  await portsWith().redis.ping(
    having({ redis: { url: `redis://127.0.0.1:${port}`, host: null, port } }),
    never,
  );
  expect(
    process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
  ).toBeLessThanOrEqual(2);
});
