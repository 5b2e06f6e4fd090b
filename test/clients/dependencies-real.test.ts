/** Redis and Postgres as they really answer; which servers is for the environment to say. */
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDependencyPorts } from "#clients/dependencies.ts";
import type { Dependencies } from "#core/config.ts";
import { createRedactor } from "#core/redact.ts";
import { limits, model, network, service } from "./probe/setting.ts";

const { TEST_REDIS_URL: redisUrl, TEST_DATABASE_URL: databaseUrl } = process.env;
const required = process.env["HOKUSAI_REQUIRE_SERVICES"] === "1";
const howTo =
  "TEST_REDIS_URL=redis://127.0.0.1:6379 TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5432/test npx vitest run test/clients/dependencies-real.test.ts";
if ((redisUrl === undefined || databaseUrl === undefined) && !required)
  process.stderr.write(`Skipped on real servers. To run: ${howTo}\n`);

const never = new AbortController().signal;
const having = (dependencies: Partial<Dependencies>) => ({
  ...service,
  dependencies: { ...service.dependencies, ...dependencies },
});
const ports = createDependencyPorts({
  config: {
    services: [service],
    models: [model],
    limits,
    secrets: () => undefined,
    network: { ...network, allowPrivate: ["127.0.0.0/8"] },
  },
  redactor: createRedactor(),
  version: "0",
});
const edited = (url: string, change: (parsed: URL) => void): string => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};

it.runIf(required)("has the servers that this run requires", () => {
  expect([redisUrl, databaseUrl], howTo).not.toContain(undefined);
});

describe.runIf(redisUrl !== undefined)("a real Redis", () => {
  const ping = (url: string) =>
    ports.redis.ping(having({ redis: { url, host: null, port: 6379 } }), never);

  it("answers, and tells its memory", async () => {
    const seen = await ping(redisUrl ?? "");
    expect(seen).toMatchObject({ outcome: "ok", detail: "PONG" });
    expect(seen.memory?.used).toBeGreaterThan(0);
  });

  it.each([
    ["a login that it does not know", (url: URL) => void (url.password = "wrong"), "auth-error"],
    ["TLS where it has none", (url: URL) => void (url.protocol = "rediss:"), "tls-failure"],
    ["another port", (url: URL) => void (url.port = "1"), "refused"],
  ])("%s", async (_name, change, outcome) => {
    expect(await ping(edited(redisUrl ?? "", change))).toMatchObject({ outcome });
  });
});

describe.runIf(databaseUrl !== undefined)("a real Postgres", () => {
  const schema = `hokusai_probe_${process.pid}`;
  const admin = new Client({ connectionString: databaseUrl });
  const read = (url: string, table = `${schema}.deployed_models`) =>
    ports.database.deployedModels(
      having({ database: { url, host: null, port: 5432, table } }),
      "21",
      never,
    );
  beforeAll(async () => {
    await admin.connect();
    await admin.query(`CREATE SCHEMA ${schema}`);
    await admin.query(
      `CREATE TABLE ${schema}.deployed_models (id uuid PRIMARY KEY, model_id int, status text)`,
    );
    await admin.query(
      `INSERT INTO ${schema}.deployed_models VALUES
       ('5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021', 21, 'deployed'),
       ('c81f3a77-0f4e-4b8e-9a0d-6d2b5e7f0020', 20, 'deployed')`,
    );
    // What it reads must not be able to write.
    await admin.query(`CREATE FUNCTION ${schema}.touch() RETURNS text LANGUAGE sql AS
      $$ INSERT INTO ${schema}.deployed_models VALUES (gen_random_uuid(), 21, 'x') RETURNING status $$`);
    await admin.query(
      `CREATE VIEW ${schema}.writes AS SELECT id, model_id, ${schema}.touch() AS status FROM ${schema}.deployed_models`,
    );
    await admin.query(
      `CREATE VIEW ${schema}.sleeps AS SELECT id, model_id, pg_sleep(5)::text AS status FROM ${schema}.deployed_models`,
    );
  });
  afterAll(async () => {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  });

  it("gives the rows of one model, whatever the columns' types", async () => {
    expect(await read(databaseUrl ?? "")).toMatchObject({
      outcome: "ok",
      rows: [{ id: "5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021", modelId: "21", status: "deployed" }],
    });
  });

  it("is read in a transaction that cannot write", async () => {
    expect(await read(databaseUrl ?? "", `${schema}.writes`)).toMatchObject({ code: "25006" });
    const { rows } = await admin.query(`SELECT id FROM ${schema}.deployed_models`);
    expect(rows).toHaveLength(2);
  });

  it("is left after the statement's time-out", async () => {
    const seen = await read(databaseUrl ?? "", `${schema}.sleeps`);
    expect(seen).toMatchObject({ outcome: "timeout", code: "57014" });
    expect(seen.tookMs).toBeLessThan(2_400);
  });

  it.each([
    ["no such table", (): void => {}, "no_such_table", "ok", "42P01"],
    ["no such database", (url: URL) => void (url.pathname = "/nosuch"), "x", "auth-error", "3D000"],
    ["no such user", (url: URL) => void (url.username = "nosuch"), "x", "auth-error", "28000"],
    ["another port", (url: URL) => void (url.port = "1"), "x", "refused", "ECONNREFUSED"],
  ])("%s", async (_name, change, table, outcome, code) => {
    expect(await read(edited(databaseUrl ?? "", change), table)).toMatchObject({ outcome, code });
  });
});
