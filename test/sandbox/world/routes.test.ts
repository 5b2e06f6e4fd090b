import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi } from "../../../src/sandbox/api/app.ts";
import type { Running } from "../../../src/sandbox/api/program.ts";
import { createAuthority } from "../../../src/sandbox/net/authority.ts";
import { sendRequest } from "../../../src/sandbox/net/request.ts";
import { createWires } from "../../../src/sandbox/net/wires.ts";
import { openPeers } from "../../../src/sandbox/peers/hosts.ts";
import { createWorldState } from "../../../src/sandbox/world/initial.ts";
import { keys } from "../../../src/sandbox/world/initial/outside.ts";
import { goodApiProgram, secretValues } from "../../../src/sandbox/world/initial/services.ts";
import type { ApiProgram } from "../../../src/sandbox/world/state.ts";
import { inputs } from "./visitor.ts";

type Routers = ApiProgram["routers"];
const uuidPost: Routers[number] = {
  name: "predict",
  parameter: "uuid",
  methods: { predict: ["POST"], info: false, health: false },
};
const strPost: Routers[number] = {
  name: "model_serving",
  parameter: "str",
  methods: { predict: ["POST"], info: false, health: false },
};
const strGet: Routers[number] = {
  ...strPost,
  methods: { predict: ["GET"], info: false, health: false },
};

const images = {
  "UUID first": [uuidPost, strPost],
  "str first": [strPost, uuidPost],
  "UUID POST, str GET": [uuidPost, strGet],
  "POST absent": [strGet],
} as const;

const uuid = "5b0c7c0e-9d1f-4a35-8c52-2f6a1d3e9021";
const path = (id: string): string => `/api/v1/models/${id}/predict`;
const good = JSON.stringify({ inputs });

const state = createWorldState();
const wires = createWires(state);
const authority = createAuthority(state);
/** A task of the seeded service, whose interface has its groups. */
const from = "10.0.4.31";
const balancer = "10.0.0.23";
const running = new Map<string, Running>();
const lines: string[] = [];
let peers: Awaited<ReturnType<typeof openPeers>>;

beforeAll(async () => {
  peers = await openPeers(state, wires, authority);
  for (const [name, routers] of Object.entries(images)) {
    const program = {
      ...goodApiProgram("test"),
      routers: [...routers],
      startSeconds: 0,
      coldLoadSeconds: 0,
    };
    running.set(
      name,
      await startApi(program, {
        state,
        wires,
        ca: authority.pem,
        address: from,
        environment: new Map([
          ["HOKUSAI_AUTH_SERVICE_URL", "https://auth.hokus.ai"],
          ["HUGGINGFACE_API_KEY", secretValues.huggingface],
          ["REDIS_URL", `redis://:${secretValues.redis}@redis.hokusai-development.local:6379/0`],
          [
            "DATABASE_URL",
            `postgresql://hokusai:${secretValues.database}@database.hokusai-development.local:5432/hokusai`,
          ],
          ["MODEL_21_REPOSITORY", "timogilvie/hokusai-model-21-sales-lead-scorer"],
        ]),
        print: (line) => lines.push(line),
      }),
    );
  }
});
afterAll(async () => {
  wires.close();
  await Promise.all([...running.values()].map((one) => one.stop()));
  await Promise.all(peers.listeners.map((listener) => listener.close()));
});

const ask = async (
  image: keyof typeof images,
  method: string,
  target: string,
  body?: string,
  key?: string,
) => {
  const [open] = running.get(image)?.ports ?? [];
  if (open === undefined) throw new Error(`${image} is not running`);
  wires.add(from, 8001, open.listener);
  return await sendRequest({
    wires,
    from: balancer,
    url: `http://${from}:8001${target}`,
    method,
    headers: key === "" ? {} : { authorization: `Bearer ${key ?? keys.internal}` },
    ...(body !== undefined && { body }),
    timeoutMs: 4_000,
    ca: authority.pem,
  });
};

describe("two routers on one path", () => {
  const columns = Object.keys(images) as (keyof typeof images)[];
  const table: [string, string, string, string | undefined, string[]][] = [
    [
      "POST a UUID",
      "POST",
      path(uuid),
      good,
      ["200 predict", "200 model_serving", "200 predict", "405 GET"],
    ],
    ["POST 21", "POST", path("21"), good, ["422 path", "200 21", "422 path", "405 GET"]],
    ["GET", "GET", path("21"), undefined, ["405 POST", "405 POST", "200 21", "200 21"]],
    ["trailing slash", "POST", `${path("21")}/`, good, ["307", "307", "307", "307"]],
    ["empty body", "POST", path(uuid), "", ["422 body", "422 body", "422 body", "405 GET"]],
    ["bad JSON", "POST", path(uuid), "{", ["422 body", "422 body", "422 body", "405 GET"]],
    ["unknown path", "GET", "/api/v2/nothing", undefined, ["404", "404", "404", "404"]],
  ];
  const rows = table.flatMap(([name, method, target, body, wanted]) =>
    columns.map((image, index) => [name, image, method, target, body, wanted[index]] as const),
  );
  it.each(rows)("%s on %s", async (_name, image, method, target, body, wanted) => {
    const answer = await ask(image, method, target, body);
    const parsed = answer.body === "" ? {} : (JSON.parse(answer.body) as Record<string, unknown>);
    const detail = Array.isArray(parsed["detail"])
      ? (parsed["detail"][0] as { loc: string[] }).loc[0]
      : "";
    const extra = answer.headers.allow ?? detail ?? "";
    const handler = (parsed["handler"] ?? parsed["model_id"] ?? "") as string;
    expect(`${answer.status} ${extra === "" ? handler : extra}`.trim()).toBe(wanted);
  });

  it("answers 401 at once without a key, also for paths that do not exist", async () => {
    for (const target of [path("21"), "/nowhere"]) {
      const answer = await ask("str first", "POST", target, good, "");
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.body)).toHaveProperty("detail");
    }
  });

  it("puts format uuid and the order of registration into /openapi.json, for anybody", async () => {
    const answer = await ask("UUID first", "GET", "/openapi.json", undefined, "");
    const { paths } = JSON.parse(answer.body) as {
      paths: Record<string, { post?: { parameters: { schema: { format?: string } }[] } }>;
    };
    const predict = Object.entries(paths).filter(([name]) => name.endsWith("/predict"));
    expect(predict.map(([name]) => name)).toEqual([
      "/api/v1/models/{deployed_model_id}/predict",
      "/api/v1/models/{model_id}/predict",
    ]);
    expect(predict.map(([, item]) => item.post?.parameters[0]?.schema.format)).toEqual([
      "uuid",
      undefined,
    ]);
  });

  it("refuses a key outside its scope, a bad key, and says why", async () => {
    expect((await ask("str first", "POST", path("22"), good, keys.probe)).status).toBe(403);
    const invalid = await ask("str first", "POST", path("21"), good, "hk_nobody");
    expect([invalid.status, invalid.body]).toEqual([
      401,
      '{"detail":"Invalid API key: API key not found"}',
    ]);
  });

  it("gives a score in its range for the ten fields, and names the field that is missing", async () => {
    const answer = await ask("str first", "POST", path("21"), good, keys.probe);
    const [first] = (JSON.parse(answer.body) as { predictions: Record<string, number>[] })
      .predictions;
    expect(first?.["lead_score"]).toBeGreaterThan(0);
    expect(first?.["lead_score"]).toBeLessThanOrEqual(100);
    const short = JSON.stringify({ inputs: { ...inputs, title: undefined } });
    const refused = await ask("str first", "POST", path("21"), short, keys.probe);
    expect(refused.body).toContain('"loc":["body","inputs","title"]');
  });

  it("turns a silent auth service into a 503 after its two seconds, and logs it", async () => {
    state.auth.mode = "hanging";
    const started = performance.now();
    const answer = await ask("str first", "POST", path("21"), good, "hk_never_seen_before");
    const took = performance.now() - started;
    state.auth.mode = "running";
    expect([answer.status, answer.body]).toEqual([
      503,
      '{"detail":"Authentication service unavailable"}',
    ]);
    expect(took).toBeGreaterThan(1_950);
    expect(lines.some((line) => line.includes("auth service timeout after 2.0s"))).toBe(true);
  });

  it("serves a key from Redis while the auth service is away", async () => {
    expect((await ask("str first", "POST", path("21"), good, keys.customer)).status).toBe(200);
    state.auth.mode = "hanging";
    const again = await ask("str first", "POST", path("21"), good, keys.customer);
    state.auth.mode = "running";
    expect(again.status).toBe(200);
  });
});
