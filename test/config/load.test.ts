import { mkdir, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "#config/load.ts";
import type { Env } from "#config/secrets.ts";
import type { Model } from "#core/config.ts";
import { HokusaiError } from "#core/errors.ts";

const testdata = join(import.meta.dirname, "testdata");
const shipped = join(import.meta.dirname, "..", "..", "hokusai.yaml");

const failure = async (options: Parameters<typeof loadConfig>[0]): Promise<HokusaiError> => {
  const error: unknown = await loadConfig(options).catch((problem: unknown) => problem);
  if (error instanceof HokusaiError) return error;
  throw new Error("expected a HokusaiError", { cause: error });
};

const laidOver = async (yaml: string, env: Env = {}) => {
  const directory = await mkdtemp(join(tmpdir(), "hokusai-config-"));
  await writeFile(join(directory, "mine.yaml"), yaml);
  const files = [shipped, join(directory, "mine.yaml")];
  return loadConfig({ env: { ...env, HOKUSAI_CONFIG: files.join(delimiter) }, cwd: directory });
};

const model = (models: readonly Model[], id: string): Model => {
  const found = models.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no model ${id}`);
  return found;
};

describe("a catalogue with mistakes", async () => {
  const names = (await readdir(testdata))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => basename(name, ".yaml"));

  it.each(names)(
    "%s: every problem at once, with its place and what was expected",
    async (name) => {
      const error = await failure({ env: {}, cwd: testdata, files: [`${name}.yaml`] });
      expect(`${error.message}\n`).toBe(await readFile(join(testdata, `${name}.txt`), "utf8"));
      expect(error.exitCode).toBe(78);
    },
  );

  it("never repeats a secret that somebody wrote into the file", async () => {
    const { message } = await failure({ env: {}, cwd: testdata, files: ["secrets-in-file.yaml"] });
    for (const secret of ["hunter2", "hf_abcdefghijkl", "hk_live"])
      expect(message).not.toContain(secret);
  });

  it("names the file that HOKUSAI_CONFIG names and nobody wrote", async () => {
    const error = await failure({ env: { HOKUSAI_CONFIG: "nowhere.yaml" }, cwd: testdata });
    expect(error.message).toContain(
      "nowhere.yaml: there is no such file (named by HOKUSAI_CONFIG or taken by default)",
    );
  });

  it("names the file of an overlay for what the overlay says", async () => {
    const error: unknown = await laidOver(
      "services:\n  hokusai-api:\n    ecs: { port: none }\n",
    ).catch((e: unknown) => e);
    expect(String(error)).toContain(
      'mine.yaml:3:18 services.hokusai-api.ecs.port: expected a whole number from 1 to 65535, got "none"',
    );
  });

  it("lists what is wrong with the plans as well", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hokusai-config-"));
    await mkdir(join(directory, "plans"));
    await writeFile(join(directory, "plans", "mine.yaml"), "id: mine\ntitel: Mine\n");
    await writeFile(join(directory, "hokusai.yaml"), "version: 2\n");
    const { message } = await failure({ env: {}, cwd: directory });
    expect(message).toContain("\n  hokusai.yaml:1:10 version: expected 1");
    expect(message).toContain('\n  plans/mine.yaml:2:1 titel: unknown key; did you mean "title"?');
  });

  it("lists environment and YAML together, environment first", async () => {
    const { message } = await failure({
      env: { PORT: "many", SLACK_BOT_TOKEN: "xoxp-1" },
      cwd: testdata,
      files: ["bad-port.yaml"],
    });
    expect(message.split("\n").slice(1)).toEqual([
      '  environment SLACK_BOT_TOKEN: expected a bot token, which starts with "xoxb-"; its value is not shown',
      '  environment PORT: expected a whole number from 0 to 65535, got "many"',
      '  bad-port.yaml:10:13 services.hokusai-api.ecs.port: expected a whole number from 1 to 65535, got "80o1"',
    ]);
  });
});

describe("the shipped catalogue", () => {
  const elsewhere = { env: {}, cwd: tmpdir() };

  it("is what is read where there is no other, without any variable set", async () => {
    const config = await loadConfig(elsewhere);
    expect(config.sources.files).toEqual([shipped]);
    expect(config.models.map(({ id }) => id)).toEqual(["21", "20", "22"]);
    expect(config.settings).toMatchObject({
      slack: null,
      linear: null,
      databaseUrl: null,
      dataDirectory: ".hokusai",
      port: 3000,
      logLevel: "info",
    });
    expect(config.secretValues).toEqual([]);
  });

  it("describes model 21 and its service as the investigation plans do", async () => {
    const { name, aliases, product, service, documents, prediction } = model(
      (await loadConfig(elsewhere)).models,
      "21",
    );
    expect({ name, aliases, product, documents }).toEqual({
      name: "Sales Lead Scoring v2",
      aliases: ["LSCOR", "lead scoring"],
      product: "Lead scoring",
      documents: ["https://hokus.ai/explore-models/21"],
    });
    expect(service).toEqual({
      id: "hokusai-api",
      environment: { id: "production", account: null, region: "us-east-1", role: null },
      ecs: {
        cluster: "hokusai-development",
        service: "hokusai-api-development",
        container: "hokusai-api",
        port: 8001,
        requiredVariables: [
          "HOKUSAI_AUTH_SERVICE_URL",
          "HUGGINGFACE_API_KEY",
          { anyOf: [["REDIS_URL"], ["REDIS_HOST", "REDIS_PORT"]] },
        ],
      },
      logs: { group: "/ecs/hokusai-api-development" },
      loadBalancers: ["hokusai-main-development", "hokusai-dp-development"],
      discovery: { host: "api.hokusai-development.local", port: 8001 },
      api: {
        url: "https://api.hokus.ai/api",
        health: "https://api.hokus.ai/health",
        openapi: "https://api.hokus.ai/openapi.json",
        paths: {
          predict: "/v1/models/{id}/predict",
          info: "/v1/models/{id}/info",
          health: "/v1/models/{id}/health",
        },
        key: { header: "Authorization", scheme: "Bearer", prefix: "hk_" },
        probeKey: { env: "HOKUSAI_PROBE_API_KEY", configured: false },
      },
      dependencies: {
        auth: {
          url: "https://auth.hokus.ai",
          health: "/health",
          ecs: { cluster: "hokusai-development", service: "hokusai-auth-development" },
        },
        redis: { url: { env: "HOKUSAI_REDIS_URL", configured: false }, host: null, port: 6379 },
        hub: {
          url: "https://huggingface.co",
          token: { env: "HUGGINGFACE_API_KEY", configured: false },
          repository: "timogilvie/hokusai-model-21-sales-lead-scorer",
        },
        database: {
          url: { env: "HOKUSAI_MODELS_DATABASE_URL", configured: false },
          host: null,
          port: 5432,
          table: "deployed_models",
        },
        registry: {
          url: "https://registry.hokus.ai",
          token: { env: "MLFLOW_TRACKING_TOKEN", configured: false },
          model: "sales-lead-scoring-v2",
          ecs: null,
        },
      },
      website: { url: "https://hokus.ai" },
      repository: null,
      exec: null,
    });
    expect(Object.keys(prediction.body["inputs"] as object)).toHaveLength(10);
    expect(prediction).toMatchObject({
      predictionsField: "predictions",
      timeoutSeconds: 10,
      withinSeconds: 2,
    });
  });

  it("says the defaults of network and limits as they are without it", async () => {
    const config = await loadConfig(elsewhere);
    const without = await laidOver("network:\nlimits:\n");
    expect(without.network).toEqual(config.network);
    expect(without.limits).toEqual(config.limits);
  });

  it("is frozen to its leaves", async () => {
    const config = await loadConfig(elsewhere);
    const { service, prediction } = model(config.models, "21");
    for (const part of [
      config,
      config.models,
      service.ecs,
      service.api.paths,
      prediction.body,
      config.settings.aws,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe("laying files over one another", () => {
  it("changes the keys that the later file has, and no others", async () => {
    const config = await laidOver(
      [
        "services:",
        "  hokusai-api:",
        "    ecs: { cluster: other }",
        "    loadBalancers: [one]",
        "    dependencies: { registry: null }",
        "    prediction: { body: { only: this } }",
        "models: { 21: { dependencies: { registry: null } } }",
        "network: { vantage: vpc, resolver: 127.0.0.1:5353, allowPrivate: [10.0.0.7, 10.1.0.0/16] }",
      ].join("\n"),
    );
    const { service, prediction } = model(config.models, "21");
    expect(service.ecs).toMatchObject({
      cluster: "other",
      service: "hokusai-api-development",
      port: 8001,
    });
    expect(service.loadBalancers).toEqual(["one"]);
    expect(service.dependencies.registry).toBeNull();
    expect(service.dependencies.hub?.repository).toBe(
      "timogilvie/hokusai-model-21-sales-lead-scorer",
    );
    expect(prediction.body).toEqual({ only: "this" });
    expect(prediction.timeoutSeconds).toBe(10);
    expect(config.network).toMatchObject({
      resolver: "127.0.0.1:5353",
      allowPrivate: ["10.0.0.7/32", "10.1.0.0/16"],
    });
  });

  it("takes an entry out with null", async () => {
    const config = await laidOver("models: { 20: null, 22: }\n");
    expect(config.models.map(({ id }) => id)).toEqual(["21"]);
  });

  it("finds a certificate authority and plans beside the file that names them", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hokusai-config-"));
    await writeFile(
      join(directory, "ca.pem"),
      "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    );
    await writeFile(join(directory, "world.yaml"), "network: { ca: ca.pem }\n");
    const config = await loadConfig({
      env: {},
      cwd: tmpdir(),
      files: [shipped, join(directory, "world.yaml")],
    });
    expect(config.network.ca).toBe(join(directory, "ca.pem"));
    expect(config.sources.plans).toBe(join(import.meta.dirname, "..", "..", "plans"));
  });
});

describe("inheritance", () => {
  it("gives a model every field of its service, and its own where it has one", async () => {
    const config = await laidOver(
      [
        "environments: { sandbox: { region: eu-west-1, account: 123456789012 } }",
        "models:",
        "  30:",
        "    name: Thirty",
        "    service: hokusai-api",
        "    environment: sandbox",
        "    ecs: { service: another }",
        "    api: { paths: { predict: '/v2/{id}' } }",
        "    documents: ['https://hokus.ai/explore-models/{id}']",
        "    prediction: { body: { x: 1 }, withinSeconds: 0.5 }",
      ].join("\n"),
    );
    const { service, prediction, documents, product } = model(config.models, "30");
    expect(service.environment).toEqual({
      id: "sandbox",
      account: "123456789012",
      region: "eu-west-1",
      role: null,
    });
    expect(service.ecs).toMatchObject({ cluster: "hokusai-development", service: "another" });
    expect(service.api.paths).toMatchObject({ predict: "/v2/{id}", info: "/v1/models/{id}/info" });
    expect(prediction).toMatchObject({ body: { x: 1 }, withinSeconds: 0.5, timeoutSeconds: 10 });
    expect(documents).toEqual(["https://hokus.ai/explore-models/30"]);
    expect(product).toBe("Thirty");
    expect(model(config.models, "21").service.ecs.service).toBe("hokusai-api-development");
  });

  it("takes the region of AWS_REGION where the environment names none", async () => {
    const config = await laidOver(
      "environments: { other: {} }\nservices: { hokusai-api: { environment: other } }\n",
      { AWS_REGION: "ap-south-1" },
    );
    expect(config.services[0]?.environment.region).toBe("ap-south-1");
  });
});

describe("secrets", () => {
  const env: Env = {
    HUGGINGFACE_API_KEY: "hf_abcdefghijkl",
    HOKUSAI_REDIS_URL: "rediss://:p%40ssword@cache.internal:6379",
    HOKUSAI_PROBE_API_KEY: " hk_test_12345678 ",
    MLFLOW_TRACKING_TOKEN: "",
    UNRELATED: "never read",
  };

  it("stay behind the names that the catalogue gives them", async () => {
    const config = await loadConfig({ env, cwd: tmpdir() });
    const { api, dependencies } = model(config.models, "21").service;
    expect(config.secrets(api.probeKey)).toBe("hk_test_12345678");
    expect(dependencies.hub?.token).toEqual({ env: "HUGGINGFACE_API_KEY", configured: true });
    expect(dependencies.registry?.token).toEqual({
      env: "MLFLOW_TRACKING_TOKEN",
      configured: false,
    });
    expect(config.secrets({ env: "UNRELATED", configured: true })).toBeUndefined();
    expect(JSON.stringify(config.models)).not.toContain("hf_abcdefghijkl");
  });

  it.each([
    ["rediss://:p%40ssword@cache.internal:6390", "cache.internal", 6390],
    ["redis://:password@cache.internal", "cache.internal", 6379],
    ["redis://:password@[2001:db8::7]:6380", "2001:db8::7", 6380],
    // The near end of a tunnel.
    ["redis://:password@127.0.0.1:16379", null, 6379],
  ])("tell where a dependency is: %s", async (url, host, port) => {
    const config = await loadConfig({ env: { HOKUSAI_REDIS_URL: url }, cwd: tmpdir() });
    const { redis } = model(config.models, "21").service.dependencies;
    expect(redis).toEqual({ url: { env: "HOKUSAI_REDIS_URL", configured: true }, host, port });
  });

  it("are collected for redaction, passwords inside URLs as well", async () => {
    const { secretValues } = await loadConfig({
      env: { ...env, AWS_SECRET_ACCESS_KEY: "aws-secret" },
      cwd: tmpdir(),
    });
    expect(secretValues).toEqual(
      expect.arrayContaining([
        "hf_abcdefghijkl",
        "rediss://:p%40ssword@cache.internal:6379",
        "p%40ssword",
        "p@ssword",
        "hk_test_12345678",
        "aws-secret",
      ]),
    );
    expect(secretValues).not.toContain("never read");
  });

  it.each([
    ["HOKUSAI_REDIS_URL", "https://cache", "expected a redis:// URL"],
    ["HOKUSAI_MODELS_DATABASE_URL", "mysql://db/models", "expected a postgres:// URL"],
    ["HOKUSAI_PROBE_API_KEY", "sk_12345678", 'expected a key that starts with "hk_"'],
  ])("%s of the wrong kind is a problem, and is not shown", async (name, value, expected) => {
    const { message } = await failure({ env: { [name]: value }, cwd: tmpdir() });
    expect(message).toContain(`environment ${name}: ${expected}`);
    expect(message).not.toContain(value);
  });
});
