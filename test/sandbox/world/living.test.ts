import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "node:tls";
import { startLivingWorld } from "../../../src/sandbox/world/living.ts";
import type { LivingWorld } from "../../../src/sandbox/world/living.ts";
import { keys } from "../../../src/sandbox/world/initial/outside.ts";
import { listenerArns, targetGroupArns } from "../../../src/sandbox/world/initial/balancers.ts";
import { createVisitor, inputs } from "./visitor.ts";

const predict = "https://api.hokus.ai/api/v1/models/21/predict";
const authorised = { authorization: `Bearer ${keys.probe}`, "content-type": "application/json" };
let world: LivingWorld;
let visitor: ReturnType<typeof createVisitor>;

beforeAll(async () => {
  world = await startLivingWorld([]);
  await world.settled();
  visitor = createVisitor(world);
});
afterAll(async () => {
  await world.stop();
});

const post = async (url = predict) =>
  await visitor.visit(url, { method: "POST", headers: authorised, body: { inputs } });
const rules = () =>
  world.state.elb.rules.filter((rule) => rule.listenerArn === listenerArns.mainHttps);

describe("names", () => {
  it("leads api.hokus.ai through the load balancer's name to public addresses", async () => {
    expect(await visitor.resolver.resolveCname("api.hokus.ai")).toEqual([
      "hokusai-main-development-1841273995.us-east-1.elb.amazonaws.com",
    ]);
    const addresses = await visitor.resolver.resolve4("api.hokus.ai");
    expect(addresses).toHaveLength(2);
    for (const address of addresses)
      expect(world.portMap()[`${address}:443`]).toMatch(/^127\.0\.0\.1:\d+$/);
  });
  it.each(["api.hokusai-development.local", "nowhere.hokus.ai"])(
    "does not know %s outside",
    async (name) => {
      await expect(visitor.resolver.resolve4(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
    },
  );
  it("answers ENODATA for a type that a name does not have", async () => {
    await expect(visitor.resolver.resolve6("auth.hokus.ai")).rejects.toMatchObject({
      code: "ENODATA",
    });
  });
  it("fails with SERVFAIL where the zone is broken", async () => {
    world.state.dns.failing.push("hokus.ai");
    await expect(visitor.resolver.resolve4("hokus.ai")).rejects.toMatchObject({
      code: "ESERVFAIL",
    });
    world.state.dns.failing.length = 0;
  });
});

describe("certificates", () => {
  const handshake = async (trusted: boolean): Promise<string> => {
    const [address] = await visitor.resolver.resolve4("auth.hokus.ai");
    const [host, port] = (world.portMap()[`${address}:443`] ?? "").split(":");
    return await new Promise((resolve) => {
      const options = { host, port: Number(port), servername: "auth.hokus.ai" };
      const socket = connect(trusted ? { ...options, ca: world.ca } : options, () => {
        const { subjectaltname = "" } = socket.getPeerCertificate();
        socket.destroy();
        resolve(subjectaltname);
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  };
  const certificate = () =>
    world.state.certificates.find((one) => one.arn === "external:auth.hokus.ai");
  it("are good for who trusts the world's authority, and for nobody else", async () => {
    expect(await handshake(true)).toBe("DNS:auth.hokus.ai");
    expect(await handshake(false)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });
  const day = 86_400_000;
  it.each([
    ["CERT_HAS_EXPIRED", { notAfter: Date.now() - day }],
    ["CERT_NOT_YET_VALID", { notBefore: Date.now() + day }],
    ["ERR_TLS_CERT_ALTNAME_INVALID", { names: ["other.hokus.ai"] }],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", { trusted: false }],
  ])("end as %s when the state says so", async (code, change) => {
    const own = certificate();
    if (own === undefined) throw new Error("no certificate");
    const before = { ...own };
    Object.assign(own, change);
    expect(await handshake(true)).toBe(code);
    Object.assign(own, before);
  });
});

describe("the load balancer", () => {
  it("carries a prediction to the API, which logs its X-Request-ID", async () => {
    const answer = await visitor.visit(predict, {
      method: "POST",
      headers: { ...authorised, "x-request-id": "trace-me-0001" },
      body: { inputs },
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      model_id: "21",
      predictions: [{ lead_score: expect.any(Number) as number }],
    });
    const lines = world.state.logs.groups.flatMap((group) =>
      group.streams.flatMap((stream) => stream.events),
    );
    expect(lines.filter((event) => event.message.includes("trace-me-0001")).length).toBeGreaterThan(
      0,
    );
  });
  it("answers its own 404 for a host it does not know, and redirects HTTP", async () => {
    const [address] = await visitor.resolver.resolve4("api.hokus.ai");
    const plain = await fetch(`http://${world.portMap()[`${address}:80`] ?? ""}/x?y=1`, {
      redirect: "manual",
    });
    expect([plain.status, plain.headers.get("server")]).toEqual([301, "awselb/2.0"]);
    const unknown = await visitor.visit(predict, { headers: { host: "other.hokus.ai" } });
    expect([unknown.status, unknown.headers.server, unknown.body]).toEqual([
      404,
      "awselb/2.0",
      "Not Found",
    ]);
  });
  it("says 503 in HTML when the group has no targets", async () => {
    const answer = await visitor.visit("https://api.hokus.ai/api/v0/old");
    expect([answer.status, answer.headers.server, answer.headers["content-type"]]).toEqual([
      503,
      "awselb/2.0",
      "text/html",
    ]);
  });
  it("says 502 when the target refuses", async () => {
    const [, own] = rules();
    if (own === undefined) throw new Error("no rule");
    const { actions } = own;
    own.actions = [
      {
        type: "forward",
        order: 1,
        targetGroups: [{ targetGroupArn: targetGroupArns.legacy, weight: 1 }],
      },
    ];
    const [target] = world.state.elb.targets;
    if (target === undefined) throw new Error("no target");
    world.state.elb.targets.push({
      ...target,
      targetGroupArn: targetGroupArns.legacy,
      port: 8001,
      id: "10.0.4.250",
    });
    const answer = await post();
    world.state.elb.targets.pop();
    own.actions = actions;
    expect(answer.status).toBe(502);
  });
  it("counts what it answered in the metrics of AWS/ApplicationELB", async () => {
    const sum = (name: string): number =>
      world.state.cloudwatch.metrics
        .filter((one) => one.metricName === name && Object.keys(one.dimensions).length === 1)
        .flatMap((one) => one.points.flatMap((point) => point.samples))
        .reduce((total, value) => total + value, 0);
    const before = [
      sum("RequestCount"),
      sum("HTTPCode_Target_2XX_Count"),
      sum("HTTPCode_ELB_503_Count"),
    ];
    await post();
    await visitor.visit("https://api.hokus.ai/api/v0/old");
    expect([
      sum("RequestCount"),
      sum("HTTPCode_Target_2XX_Count"),
      sum("HTTPCode_ELB_503_Count"),
    ]).toEqual(before.map((value) => value + 1));
  });
});

describe("the other hosts", () => {
  it("publishes how to call the model, and refuses POST without saying what it allows", async () => {
    const page = await visitor.visit("https://hokus.ai/explore-models/21");
    expect(page.status).toBe(200);
    expect(page.body).toContain("https://api.hokus.ai/api");
    const refused = await visitor.visit("https://hokus.ai/api/v1/models/21/predict", {
      method: "POST",
      body: "{}",
    });
    expect([refused.status, refused.headers.allow, refused.headers.server]).toEqual([
      405,
      undefined,
      "nginx",
    ]);
    expect(refused.headers["content-type"]).toBe("text/html");
  });
  const token = { authorization: "Bearer hf_sandboxSandboxSandboxSandbox0021" };
  const repository =
    "https://huggingface.co/api/models/timogilvie/hokusai-model-21-sales-lead-scorer";
  const mlflow = { authorization: "Bearer mlflow-sandbox-token" };
  const get = "https://registry.hokus.ai/api/2.0/mlflow/registered-models/get?name=";
  it.each([
    ["https://auth.hokus.ai/health", {}, 200],
    ["https://huggingface.co/api/whoami-v2", token, 200],
    ["https://huggingface.co/api/whoami-v2", {}, 401],
    [repository, token, 200],
    [repository, {}, 401],
    ["https://huggingface.co/api/models/timogilvie/none", token, 404],
    [`${get}sales-lead-scoring-v2`, mlflow, 200],
    [`${get}none`, mlflow, 404],
    [`${get}none`, {}, 401],
  ])("%s answers %o with %i", async (url, headers, status) => {
    expect((await visitor.visit(url, { headers })).status).toBe(status);
  });
});

describe("its past", () => {
  it("is three quiet days: lines, events, metrics, and no complaint", () => {
    const { state } = world;
    const [group] = state.logs.groups;
    const events = group?.streams.flatMap((stream) => stream.events) ?? [];
    const first = Math.min(...events.map((event) => event.timestamp));
    expect(state.now() - first).toBeGreaterThan(70 * 3_600_000);
    expect(events.length).toBeGreaterThan(500);
    expect(events.filter((event) => /ERROR|Traceback|" 5\d\d /.test(event.message))).toEqual([]);
    const [service] = state.ecs.services;
    expect(service?.events[0]?.message).toContain("has reached a steady state");
    for (const stream of group?.streams ?? []) {
      const times = stream.events.map((event) => event.timestamp);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });
});
