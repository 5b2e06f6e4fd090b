import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Limits, Model } from "#core/config.ts";
import type { Fact } from "#core/fact.ts";
import type { Reported } from "#core/target.ts";
import { apiHealth } from "#facts/api-health.ts";
import { authHealth } from "#facts/auth-health.ts";
import { clientRequests } from "#facts/client-requests.ts";
import { dnsInternalName } from "#facts/dns-internal-name.ts";
import { dnsNames } from "#facts/dns-names.ts";
import { documentedUrls } from "#facts/documented-urls.ts";
import { edgeAddresses } from "#facts/edge-addresses.ts";
import { edgeReach } from "#facts/edge-reach.ts";
import { invalidKeyPrediction } from "#facts/invalid-key-prediction.ts";
import { keyElsewhere } from "#facts/key-elsewhere.ts";
import { keyFormat } from "#facts/key-format.ts";
import { keyedPrediction } from "#facts/keyed-prediction.ts";
import { modelInfo } from "#facts/model-info.ts";
import { openapi } from "#facts/openapi.ts";
import { otherModels } from "#facts/other-models.ts";
import { predictionSamples, type PredictionSamples } from "#facts/prediction-samples.ts";
import { tlsCertificates } from "#facts/tls-certificates.ts";
import {
  createAuthority,
  json,
  nameServer,
  onRequest,
  tls,
  type Authority,
  type Running,
} from "../clients/probe/servers.ts";
import { model, probeWith, scopedKey } from "../clients/probe/setting.ts";

interface Asked {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly head: string;
}
type Answer = (asked: Asked) => string | Promise<string>;

let authority: Authority;
let folder: string;
let names: Running;
const running: Running[] = [];
const hosts = {
  "api.hokus.ai": "192.0.2.1",
  "auth.hokus.ai": "192.0.2.2",
  "hokus.ai": "192.0.2.3",
} as const;

beforeAll(async () => {
  authority = await createAuthority();
  folder = mkdtempSync(join(tmpdir(), "facts-"));
  writeFileSync(join(folder, "ca.pem"), authority.pem);
  names = await nameServer(
    Object.fromEntries(
      Object.entries(hosts).map(([name, data]) => [name, [{ type: "A" as const, data }]]),
    ),
  );
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await names.close();
  rmSync(folder, { recursive: true });
});

/** One server for each public name; everything that arrives is written down. */
async function world(
  answer: Answer,
  more: {
    key?: string | null;
    target?: Model;
    models?: readonly Model[];
    limits?: Partial<Limits>;
  } = {},
) {
  const asked: Asked[] = [];
  const portMap: Record<string, string> = {};
  for (const [host, address] of Object.entries(hosts)) {
    const server = await tls(
      await authority.issue(host),
      onRequest((socket, head) => {
        const [method = "", path = ""] = head.split(" ");
        const request = {
          host,
          method,
          path,
          head,
          key: /authorization: Bearer (\S+)/iu.exec(head)?.[1] ?? null,
        };
        asked.push(request);
        void Promise.resolve(answer(request)).then((text) => socket.end(text));
      }),
    );
    running.push(server);
    portMap[`${address}:443`] = `127.0.0.1:${server.port}`;
  }
  const probe = probeWith(
    { resolver: `127.0.0.1:${names.port}`, ca: join(folder, "ca.pem"), portMap },
    more,
  );
  const gather = <Value>(
    fact: Fact<Value, never>,
    facts: object = {},
    reported: Reported | null = null,
  ): Promise<Value> =>
    fact.gather({
      ports: { probe } as never,
      target: more.target ?? model,
      reported,
      facts: facts as never,
      signal: new AbortController().signal,
      now: Date.now(),
      runId: "run",
    });
  return {
    asked,
    gather: gather as <Value>(
      fact: unknown,
      facts?: object,
      reported?: Reported | null,
    ) => Promise<Value>,
  };
}

const predictions = { predictions: { lead_score: 71 } };
/** The API as it should be: auth first, then routes. */
const healthy: Answer = ({ host, path, method, key }) => {
  if (host === "auth.hokus.ai") return json(200, { status: "ok" });
  if (host === "hokus.ai")
    return method === "GET"
      ? page("https://api.hokus.ai/api")
      : "HTTP/1.1 405 X\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<p/>";
  if (path === "/health") return json(200, { status: "ok" });
  if (path === "/openapi.json") return json(200, document);
  if (key === null) return json(401, { detail: "Missing API key" });
  if (key !== scopedKey) return json(401, { detail: "Invalid API key" });
  return path.includes("/21/") ? json(200, predictions) : json(403, { detail: "out of scope" });
};
const page = (base: string): string => {
  const body = `<!doctype html><pre>curl -X POST ${base}/v1/models/21/predict -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '{"inputs": {"company_size": 5, "industry": "x"}}'</pre>`;
  return `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};
const document = {
  servers: [{ url: "/api" }],
  paths: {
    "/v1/models/{model_id}/predict": {
      post: {
        operationId: "predict",
        parameters: [{ name: "model_id", in: "path", schema: { type: "string" } }],
      },
    },
    "/v1/models/{deployed_model_id}/predict": {
      post: {
        parameters: [
          { name: "deployed_model_id", in: "path", schema: { type: "string", format: "uuid" } },
        ],
      },
    },
  },
};
const told = (url: string, method = "POST"): Reported => ({
  symptom: null,
  url,
  method,
  at: null,
  requestId: null,
});

describe("what is asked of a working API", () => {
  it("names, certificates, health, edge, each address", async () => {
    const { gather, asked } = await world(healthy);
    const resolved = await gather<{ role: string; addresses: string[] }[]>(dnsNames);
    expect(resolved.map(({ role, addresses }) => [role, ...addresses])).toEqual([
      ["api", "192.0.2.1"],
      ["auth", "192.0.2.2"],
      ["website", "192.0.2.3"],
    ]);
    expect(await gather(tlsCertificates)).toMatchObject([
      { outcome: "answered", role: "api" },
      { outcome: "answered" },
      { outcome: "answered" },
    ]);
    expect(asked).toHaveLength(0);
    expect(await gather(apiHealth)).toMatchObject({ status: 200 });
    expect(await gather(authHealth)).toMatchObject({
      status: 200,
      url: "https://auth.hokus.ai/health",
    });
    expect(await gather(edgeReach)).toMatchObject({
      post: { status: 401, method: "POST", key: "none" },
      get: { method: "GET" },
    });
    expect(await gather(edgeAddresses, { names: resolved })).toMatchObject(
      Array.from({ length: 3 }, () => ({ status: 200, address: "192.0.2.1" })),
    );
    expect(asked.every((one) => one.key === null && one.head.includes("hokusai-run-"))).toBe(true);
  });

  it("routes in the order of registration", async () => {
    const { gather } = await world(healthy);
    const seen = await gather<{
      operations: { path: string; parameters: unknown[] }[];
      prefixes: string[];
    }>(openapi);
    expect(seen.prefixes).toEqual(["/api"]);
    expect(seen.operations.map(({ path }) => path)).toEqual(Object.keys(document.paths));
    expect(seen.operations[1]?.parameters).toEqual([
      { name: "deployed_model_id", type: "string", format: "uuid" },
    ]);
  });

  it.each([
    ["a key that may not read it", (): string => json(403, {}), "denied"],
    ["no JSON", (): string => "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", "broken"],
    ["an outage", (): string => json(503, {}), "broken"],
  ] as const)("routes that cannot be had: %s", async (_name, answer, reason) => {
    const { gather } = await world(answer);
    await expect(gather(openapi)).rejects.toMatchObject({ missing: { reason } });
  });

  it("sends the key only where it belongs", async () => {
    const { gather, asked } = await world(healthy);
    expect(await gather(keyedPrediction)).toMatchObject({
      seen: { status: 200, key: "scoped" },
      contract: { holds: true, detail: "lead_score is 71" },
    });
    expect(await gather(invalidKeyPrediction)).toMatchObject({ status: 401, key: "dummy" });
    expect(await gather(modelInfo)).toMatchObject({ status: 200, key: "scoped" });
    const sent = asked.filter((one) => one.key === scopedKey);
    expect(sent.every((one) => one.host === "api.hokus.ai")).toBe(true);
    expect(sent).toHaveLength(2);
  });

  it.each([
    [{}, /no field "predictions"/u],
    [{ predictions: {} }, /no number "lead_score"/u],
    [{ predictions: { lead_score: "71" } }, /no number/u],
    [{ predictions: { lead_score: 140 } }, /140, promised is 0 to 100/u],
    [[], /no JSON object/u],
  ])("a 200 that breaks its promise: %o", async (body, detail) => {
    const { gather } = await world(() => json(200, body));
    const { contract } = await gather<{ contract: { holds: boolean; detail: string } }>(
      keyedPrediction,
    );
    expect(contract.holds).toBe(false);
    expect(contract.detail).toMatch(detail);
  });

  describe("times predictions", () => {
    const target = { ...model, prediction: { ...model.prediction, withinSeconds: 0.2 } };
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    /** Waits so long before each answer; the last one stands for all that follow. */
    const paced =
      (statuses: readonly number[], ...waits: readonly number[]): Answer =>
      async () => {
        const at = paced.count;
        paced.count += 1;
        await pause(waits[Math.min(at, waits.length - 1)] ?? 0);
        return json(statuses[Math.min(at, statuses.length - 1)] ?? 200, predictions);
      };
    paced.count = 0;
    const sampled = async (
      answer: Answer,
      reported: Partial<Reported> | null,
      limits: Partial<Limits> = {},
    ) => {
      paced.count = 0;
      const { gather, asked } = await world(answer, {
        target,
        limits: { predictionsPerRun: 30, ...limits },
      });
      const prediction = await gather(keyedPrediction);
      const told = reported === null ? null : { ...nothing, ...reported };
      const samples = await gather<PredictionSamples>(predictionSamples, { prediction }, told);
      return { samples, asked };
    };
    const nothing: Reported = {
      symptom: null,
      url: null,
      method: "POST",
      at: null,
      requestId: null,
    };

    it.each([
      ["one that is quick is enough", [200], [0], null, 0, null],
      ["a slow one is followed until one is quick", [200], [400, 0], null, 1, null],
      ["by two at most", [200], [400], null, 2, null],
      ["as many as were asked for", [200], [0], { samples: 4 }, 3, null],
      ["three where a fault was reported", [200], [0], { samples: 4, symptom: "5xx" }, 2, null],
      ["until the API says 429", [200, 429], [0], { samples: 5 }, 1, "429"],
      ["until two failed", [200, 500], [0], { samples: 5 }, 2, "two of them failed"],
      ["none after a refusal", [401], [0], { samples: 5 }, 0, null],
    ] as const)("%s", { timeout: 15_000 }, async (_name, statuses, waits, reported, later, why) => {
      const { samples, asked } = await sampled(paced(statuses, ...waits), reported);
      expect(samples.later).toHaveLength(later);
      if (why === null) expect(samples.stopped).toBeNull();
      else expect(samples.stopped).toContain(why);
      expect(asked).toHaveLength(later + 1);
      expect(asked.every(({ head }) => /user-agent: hokusai\//iu.test(head))).toBe(true);
    });

    it("at most one a second", { timeout: 10_000 }, async () => {
      const started = performance.now();
      await sampled(healthy, { samples: 3 });
      expect(performance.now() - started).toBeGreaterThan(1_900);
    });

    it.each([
      ["a run", { predictionsPerRun: 2 }, /this run has sent/u],
      ["a day", { predictionsPerDay: 2 }, /sent today/u],
    ])("no more than the cap of %s allows", async (_name, limits, why) => {
      const { samples, asked } = await sampled(healthy, { samples: 5 }, limits);
      expect(samples).toMatchObject({ wanted: 5, stopped: expect.stringMatching(why) });
      expect(asked).toHaveLength(2);
    });
  });

  it("other models of the service, with this model's key", async () => {
    const sibling = { ...model, id: "22" };
    const { gather } = await world(healthy, { models: [model, sibling] });
    expect(await gather(otherModels)).toMatchObject([
      { model: "22", seen: { status: 403, key: "scoped" } },
    ]);
    const alone = await world(healthy);
    await expect(alone.gather(otherModels)).rejects.toMatchObject({
      missing: { reason: "not-applicable" },
    });
  });
});

describe("a target that hangs", () => {
  const target = { ...model, prediction: { ...model.prediction, timeoutSeconds: 2 } };
  const hangs: Answer = () => new Promise(() => {});
  it("is what each fact says, two seconds before its own time is up", async () => {
    const { gather } = await world(hangs, { target });
    const names = [{ role: "api", addresses: ["192.0.2.1"] }];
    const facts = [
      apiHealth,
      authHealth,
      edgeReach,
      edgeAddresses,
      documentedUrls,
      invalidKeyPrediction,
      modelInfo,
      keyedPrediction,
    ];
    // Of the observation's own clock: a busy test process must not count.
    const rows = await Promise.all(
      facts.map(async (fact) => {
        const seen = JSON.stringify(await gather(fact, { names }));
        const waits = [...seen.matchAll(/"totalMs":([\d.]+)/gu)].map((match) => Number(match[1]));
        const spare = fact.deadlineMs - Math.max(...waits);
        return [fact.id, seen.includes('"headers-timeout"'), spare >= 1_900];
      }),
    );
    expect(rows).toEqual(facts.map((fact) => [fact.id, true, true]));
  }, 20_000);
});

describe("a key that the prediction refuses", () => {
  it("is tried elsewhere, by GET and beside the same without a key", async () => {
    const { gather, asked } = await world(({ method, key }) =>
      json(key === null ? 401 : method === "GET" ? 405 : 401, {}),
    );
    const prediction = await gather(keyedPrediction);
    asked.splice(0);
    expect(await gather(keyElsewhere, { prediction })).toMatchObject([
      { without: { status: 401, key: "none" }, with: { status: 405, key: "scoped" } },
      { without: { status: 401, key: "none" }, with: { status: 405, key: "scoped" } },
    ]);
    expect(asked.map((one) => one.method)).toEqual(["GET", "GET", "GET", "GET"]);
  });

  it("is left alone where it works", async () => {
    const { gather, asked } = await world(healthy);
    expect(await gather(keyElsewhere, { prediction: { seen: { status: 200 } } })).toEqual([]);
    expect(asked).toHaveLength(0);
  });
});

describe("without a scoped key", () => {
  it("says what to set, and asks the rest without", async () => {
    const { gather, asked } = await world(healthy, { key: null });
    await expect(gather(keyedPrediction)).rejects.toMatchObject({
      missing: {
        reason: "not-applicable",
        mend: expect.stringMatching(/HOKUSAI_PROBE_API_KEY/u) as string,
      },
    });
    expect(await gather(modelInfo)).toMatchObject({ status: 401, key: "none" });
    expect(await gather(keyFormat)).toEqual({ prefix: "hk_", customer: null });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["hk_li", true],
    ["sk-abc", false],
    ["h", true],
    ["hk ", false],
  ])("a customer's key that starts with %s fits: %s", async (keyStart, fits) => {
    const { gather } = await world(healthy);
    expect(await gather(keyFormat, {}, { ...told("https://x/"), keyStart })).toMatchObject({
      customer: { fits },
    });
  });

  it("the internal name is not judged from the internet", async () => {
    const { gather } = await world(healthy);
    await expect(gather(dnsInternalName)).rejects.toMatchObject({
      missing: { reason: "not-applicable", availability: "never" },
    });
  });
});

describe("the customer's request", () => {
  it("reads what is documented and compares it", async () => {
    const right = await world(healthy);
    expect(await right.gather(documentedUrls)).toMatchObject([
      { samples: [{ role: "api", differences: [] }] },
    ]);
    const wrong = await world((asked) =>
      asked.host === "hokus.ai" ? page("https://hokus.ai/api") : healthy(asked),
    );
    expect(await wrong.gather(documentedUrls)).toMatchObject([
      { samples: [{ role: "website", differences: [{ part: "host", seen: "hokus.ai" }] }] },
    ]);
  });

  it.each([
    [
      "the canonical one is not sent again",
      "https://api.hokus.ai/api/v1/models/21/predict",
      { role: "api", differences: [], seen: null },
    ],
    [
      "the website gets a dummy key",
      "https://hokus.ai/api/v1/models/21/predict",
      { role: "website", seen: { status: 405, key: "dummy" } },
    ],
    [
      "a base URL is completed",
      "https://hokus.ai/api",
      { url: "https://hokus.ai/api/v1/models/21/predict", seen: { status: 405 } },
    ],
    [
      "another path of the API",
      "https://api.hokus.ai/v1/models/21/predict",
      { differences: [{ part: "path" }], seen: { key: "scoped" } },
    ],
    [
      "a stranger gets nothing",
      "https://api.example.com/v1/models/21/predict",
      { role: null, seen: null },
    ],
    [
      "an address in disguise gets nothing",
      "http://0x7f.1/v1/models/21/predict",
      { role: null, seen: null },
    ],
    ["not an address", "ftp://hokus.ai/x", { unreadable: true, role: null, seen: null }],
  ])("%s", async (_name, url, wanted) => {
    const { gather } = await world(healthy);
    expect(await gather(clientRequests, { documents: [] }, told(url))).toMatchObject([
      { source: "reported", ...wanted },
    ]);
  });

  it("never sends or keeps credentials that were pasted", async () => {
    const { gather, asked } = await world(healthy);
    const seen = await gather(
      clientRequests,
      { documents: [] },
      told(
        "https://bob:hunter2secret@hokus.ai/api/v1/models/21/predict?api_key=hk_pasted_key_1234",
      ),
    );
    expect(JSON.stringify(seen)).not.toMatch(/hunter2|hk_pasted|bob/u);
    expect(asked[0]?.head).not.toMatch(/hunter2|hk_pasted|bob/u);
    expect(asked[0]?.path).toBe("/api/v1/models/21/predict");
  });

  it("sends a pasted one as it would be sent, with our key and our values in it", async () => {
    const { gather, asked } = await world(({ head, key }) =>
      json(key === null && !head.includes("x-auth-token") ? 401 : 422, {
        detail: [{ loc: ["body", "inputs", "industry"], msg: "Field required" }],
      }),
    );
    const sample = {
      headers: ["content-type", "x-auth-token"],
      scheme: null,
      fields: ["inputs", "inputs.company_size", "inputs.email"],
      shape: { inputs: { company_size: "integer", email: "string" } },
      contentType: "application/json",
    } as const;
    const reported = { ...told("https://api.hokus.ai/api/v1/models/21/predict"), sample };
    expect(await gather(clientRequests, { documents: [] }, reported)).toMatchObject([
      {
        differences: [{ part: "header", seen: "x-auth-token" }, { part: "fields" }],
        seen: { status: 422, key: "scoped" },
        untried: null,
      },
    ]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.head).toContain(`x-auth-token: ${scopedKey}`);
    expect(asked[0]?.head).not.toMatch(/^authorization:/imu);
    expect(asked[0]?.head).toContain('{"inputs":{"company_size":1000,"email":"example"}}');
  });

  it("sends one without a key as that, and another scheme as that", async () => {
    const { gather, asked } = await world(healthy);
    const url = "https://api.hokus.ai/api/v1/models/21/predict";
    const sample = { headers: ["content-type"], scheme: null, fields: null };
    await gather(clientRequests, { documents: [] }, { ...told(url), sample });
    expect(asked[0]?.head).not.toMatch(/authorization|hk_/iu);
    const basic = { headers: ["authorization"], scheme: "Basic", fields: null };
    await gather(clientRequests, { documents: [] }, { ...told(url), sample: basic });
    expect(asked[1]?.head).toContain(`authorization: Basic ${scopedKey}`);
  });

  it.each([
    ["there is no key", { key: null }],
    ["no prediction may be sent any more", { limits: { predictionsPerRun: 0 } }],
  ])("says that a header was not tried where %s", async (_name, more) => {
    const { gather, asked } = await world(healthy, more);
    const sample = { headers: ["x-auth-token"], scheme: null, fields: null };
    const reported = { ...told("https://api.hokus.ai/api/v1/models/21/predict"), sample };
    expect(await gather(clientRequests, { documents: [] }, reported)).toMatchObject([
      { seen: null, untried: expect.stringMatching(/key|predictions/u) },
    ]);
    expect(asked).toHaveLength(0);
  });

  it("only compares methods that could change something", async () => {
    const { gather, asked } = await world(healthy);
    expect(
      await gather(
        clientRequests,
        { documents: [] },
        told("https://api.hokus.ai/api/v1/models/21/predict", "DELETE"),
      ),
    ).toMatchObject([{ differences: [{ part: "method" }], seen: null }]);
    expect(asked).toHaveLength(0);
  });

  it("adds what the catalogue and the pages say, once each", async () => {
    const target = { ...model, customerUrls: ["https://hokus.ai/api/v1/models/21/predict"] };
    const { gather } = await world(healthy, { target });
    const documents = [
      {
        samples: [
          { url: "https://hokus.ai/api/v1/models/{id}/predict", method: "POST" },
          { url: "https://api.hokus.ai/api/v1/models/21/predict", method: "POST" },
        ],
      },
    ];
    expect(await gather(clientRequests, { documents })).toMatchObject([
      { source: "catalogue", seen: { status: 405 } },
      { source: "documented", differences: [] },
    ]);
  });

  it("shows who answers with a dummy key where no prediction may be sent any more", async () => {
    const { gather } = await world(healthy, { limits: { predictionsPerRun: 0 } });
    expect(
      await gather(
        clientRequests,
        { documents: [] },
        told("https://api.hokus.ai/v1/models/21/predict"),
      ),
    ).toMatchObject([{ seen: { status: 401, key: "dummy" } }]);
  });
});
