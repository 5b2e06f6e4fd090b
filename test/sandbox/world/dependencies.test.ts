import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Client } from "pg";
import { createClient } from "redis";
import { startDatabase } from "../../../src/sandbox/peers/database.ts";
import { startRedis } from "../../../src/sandbox/peers/redis.ts";
import { createAuthority } from "../../../src/sandbox/net/authority.ts";
import type { Listener } from "../../../src/sandbox/net/wires.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import { secretValues } from "../../../src/sandbox/world/initial/services.ts";

const state = createWorldState();
let redis: Listener;
let database: Listener;
beforeAll(async () => {
  const authority = createAuthority(state);
  [redis, database] = await Promise.all([
    startRedis(state, authority),
    startDatabase(state, authority),
  ]);
});
afterAll(async () => {
  await Promise.all([redis.close(), database.close()]);
});

const connectRedis = async (password: string) => {
  const client = createClient({
    url: `redis://:${password}@127.0.0.1:${redis.port}`,
    RESP: 2,
    socket: { reconnectStrategy: false, connectTimeout: 1_000 },
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
};

describe("Redis", () => {
  it("keeps keys with their time to live, for the client of the npm package", async () => {
    const client = await connectRedis(secretValues.redis);
    await client.set("auth:1", "x", { EX: 300 });
    expect([await client.ping(), await client.get("auth:1"), await client.ttl("auth:1")]).toEqual([
      "PONG",
      "x",
      300,
    ]);
    expect(await client.info("memory")).toContain("maxmemory:268435456");
    client.destroy();
  });
  it("refuses a wrong password", async () => {
    await expect(connectRedis("wrong")).rejects.toThrow(/WRONGPASS/);
  });
  it("refuses to write when it is full", async () => {
    state.redis.full = true;
    const client = await connectRedis(secretValues.redis);
    await expect(client.set("a", "b")).rejects.toThrow(/OOM/);
    client.destroy();
    state.redis.full = false;
  });
  it("refuses connections once it has stopped, and comes back on its port", async () => {
    state.redis.mode = "stopped";
    await redis.sync();
    await expect(connectRedis(secretValues.redis)).rejects.toThrow(/ECONNREFUSED/);
    state.redis.mode = "running";
    await redis.sync();
    const client = await connectRedis(secretValues.redis);
    expect(await client.ping()).toBe("PONG");
    client.destroy();
  });
});

const withDatabase = async <T>(
  act: (client: Client) => Promise<T>,
  password: string = secretValues.database,
) => {
  const client = new Client({
    host: "127.0.0.1",
    port: database.port,
    user: "hokusai",
    password,
    database: "hokusai",
    connectionTimeoutMillis: 1_000,
  });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
};

describe("Postgres", () => {
  it("answers the query of the plan, simple and with parameters, in a read-only transaction", async () => {
    const rows = await withDatabase(async (client) => {
      await client.query("BEGIN READ ONLY");
      await client.query("SET LOCAL statement_timeout = 2000");
      const plain = await client.query(
        "SELECT id, model_id, status FROM deployed_models WHERE model_id = '21'",
      );
      const bound = await client.query(
        "SELECT id::text AS id, model_id, status, created_at FROM deployed_models WHERE model_id = $1 ORDER BY created_at DESC LIMIT 5",
        ["21"],
      );
      await client.query("COMMIT");
      return [plain.rows, bound.rows] as Record<string, unknown>[][];
    });
    expect(rows[0]).toEqual([
      { id: "5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021", model_id: "21", status: "deployed" },
    ]);
    expect(rows[1]?.[0]?.["created_at"]).toBeInstanceOf(Date);
  });
  const refusals: [string, RegExp][] = [
    ["SELECT id FROM other_table", /relation "other_table" does not exist/],
    ["SELECT nothing FROM deployed_models", /column "nothing" does not exist/],
    ["DELETE FROM deployed_models", /permission denied/],
    ["HELLO", /syntax error/],
  ];
  it.each(refusals)("refuses %s", async (sql, message) => {
    await expect(withDatabase((client) => client.query(sql))).rejects.toThrow(message);
    await expect(withDatabase((client) => client.query(sql, []))).rejects.toThrow(message);
  });
  it("refuses a wrong password", async () => {
    await expect(withDatabase((client) => client.query("SELECT 1"), "wrong")).rejects.toThrow(
      /password authentication failed/,
    );
  });
});
