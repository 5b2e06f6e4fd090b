/** What a caller meets when AWS does not answer as asked: denial, throttling, rubbish, silence. */
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appendLog } from "../../../src/sandbox/world/state.ts";
import { everyAction } from "./every-action.ts";
import { callJson, callQuery, createClients, signed, startBench } from "./start.ts";
import type { Bench, Clients } from "./start.ts";

let bench: Bench;
let patient: Clients;
const command = () =>
  new DescribeServicesCommand({
    cluster: "hokusai-development",
    services: ["hokusai-api-development"],
  });

beforeAll(async () => {
  bench = await startBench(
    (state) => {
      appendLog(state, "/ecs/hokusai-api-development", "test", "a line");
    },
    { queryMs: 5_000 },
  );
  patient = createClients(bench.server.url, 3);
});
afterAll(async () => {
  for (const client of Object.values(patient)) client.destroy();
  await bench[Symbol.asyncDispose]();
});
beforeEach(() => {
  const plane = bench.state.controlPlane;
  for (const set of [
    plane.deniedActions,
    plane.throttledActions,
    plane.brokenActions,
    plane.hangingActions,
  ]) {
    set.clear();
  }
  plane.delays.clear();
  delete plane.throttledTimes;
  delete plane.gatewayErrorActions;
  delete plane.brokenPage;
});

const codes = (action: string) => {
  if (action.startsWith("ec2:"))
    return { denied: "UnauthorizedOperation", throttled: "RequestLimitExceeded" };
  if (action.startsWith("elasticloadbalancing:"))
    return { denied: "AccessDenied", throttled: "Throttling" };
  if (action.startsWith("s3:")) return { denied: "AccessDenied", throttled: "SlowDown" };
  if (action.startsWith("cloudwatch:")) return { denied: "AccessDenied", throttled: "Throttling" };
  return { denied: "AccessDeniedException", throttled: "ThrottlingException" };
};

/** Name and Code: query-compatible JSON keeps the old word in Code only. */
const wordsOf = (error: unknown): (string | undefined)[] => {
  const {
    name,
    Code,
    Error: inner,
  } = error as {
    name?: string;
    Code?: string;
    Error?: { Code?: string };
  };
  return [name, Code, inner?.Code];
};
const failure = async (
  call: Promise<unknown>,
): Promise<Error & { $metadata?: { httpStatusCode?: number; requestId?: string } }> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the call was answered");
};

describe.each(everyAction)("%s", (action, send) => {
  it("is answered", async () => {
    const before = bench.server.calls.length;
    const answer = await send(bench.clients, bench.state);
    expect(answer).toMatchObject({ $metadata: { httpStatusCode: 200 } });
    expect(bench.server.calls.slice(before).map((one) => one.action)).toContain(action);
  });

  it("is denied in the words of its service", async () => {
    bench.state.controlPlane.deniedActions.add(action);
    const error = await failure(send(bench.clients, bench.state));
    expect(wordsOf(error)).toContain(codes(action).denied);
    expect(error.message).toMatch(
      new RegExp(
        `User: arn:aws:sts::123456789012:assumed-role/\\S+ is not authorized to perform: ${action}`,
        "u",
      ),
    );
    expect(error.message.includes(" on resource: ")).toBe(!/^(?:ec2|elasticload)/u.test(action));
    expect(error.$metadata?.requestId).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it("is throttled in the words of its service", async () => {
    bench.state.controlPlane.throttledActions.add(action);
    const error = await failure(send(bench.clients, bench.state));
    expect(wordsOf(error)).toContain(codes(action).throttled);
  });

  it("throws when a proxy answers HTML with status 200", async () => {
    bench.state.controlPlane.brokenActions.add(action);
    const error = await failure(send(bench.clients, bench.state));
    const isXml = /^(?:ec2|elasticloadbalancing|s3):/u.test(action);
    expect([error.name, error.message.includes("XML parse error")]).toEqual(
      isXml ? ["Error", true] : ["SyntaxError", false],
    );
    expect(error.$metadata?.requestId).toBeUndefined();
  });
});

describe("throttled, then answered", () => {
  it.each(
    everyAction.filter(([action]) =>
      /:(?:DescribeServices|DescribeRules|DescribeSubnets|GetMetricData)$/u.test(action),
    ),
  )("%s with retry mode standard", async (action, send) => {
    bench.state.controlPlane.throttledTimes = new Map([[action, 2]]);
    const before = bench.server.calls.length;
    const answer = await send(patient, bench.state);
    expect(answer).toMatchObject({ $metadata: { httpStatusCode: 200, attempts: 3 } });
    expect(bench.server.calls.length - before).toBe(3);
  });

  it("gives up after three attempts", async () => {
    bench.state.controlPlane.throttledTimes = new Map([["ecs:DescribeServices", 3]]);
    const error = await failure(patient.ecs.send(command()));
    expect(error).toMatchObject({ name: "ThrottlingException", $metadata: { attempts: 3 } });
  });
});

describe("broken ways to AWS", () => {
  it.each([
    { name: "JSON", send: () => bench.clients.ecs.send(command()) },
    { name: "EC2", send: () => bench.clients.ec2.send(new DescribeSubnetsCommand({})) },
  ])("a gateway's HTML page with 502 throws ($name)", async ({ send }) => {
    bench.state.controlPlane.gatewayErrorActions = new Set(["ecs:*", "ec2:*"]);
    const error = await failure(send());
    expect(error.$metadata?.httpStatusCode ?? 502).toBe(502);
  });

  it("a page that is well-formed XML passes for an empty answer, without a request id", async () => {
    bench.state.controlPlane.brokenActions.add("*");
    bench.state.controlPlane.brokenPage = "well-formed";
    const answer = await bench.clients.ec2.send(new DescribeSubnetsCommand({}));
    expect(answer.Subnets).toBeUndefined();
    expect(answer.$metadata.requestId).toBeUndefined();
    expect(await failure(bench.clients.ecs.send(command()))).toBeInstanceOf(SyntaxError);
  });

  it("a hanging action ends only by the caller's signal", async () => {
    bench.state.controlPlane.hangingActions.add("ecs:DescribeServices");
    const error = await failure(
      bench.clients.ecs.send(command(), { abortSignal: AbortSignal.timeout(60) }),
    );
    expect(error.name).toMatch(/Abort|Timeout/u);
  });

  it.each(["ecs:DescribeServices", "*"])("delays the answers of %s", async (key) => {
    bench.state.controlPlane.delays.set(key, 80);
    const began = performance.now();
    await bench.clients.ecs.send(command());
    expect(performance.now() - began).toBeGreaterThanOrEqual(78);
  });

  it("closes while calls hang and wait", async () => {
    const other = await startBench((state) => {
      state.controlPlane.hangingActions.add("ecs:DescribeServices");
      state.controlPlane.delays.set("ec2:DescribeSubnets", 60_000);
    });
    const calls = [
      failure(other.clients.ecs.send(command())),
      failure(other.clients.ec2.send(new DescribeSubnetsCommand({}))),
    ];
    await expect.poll(() => other.server.calls.length).toBe(2);
    await other.server.close();
    expect(await Promise.all(calls)).toHaveLength(2);
    for (const client of Object.values(other.clients)) client.destroy();
  });
});

describe("requests that no action answers", () => {
  it("an unknown action of each protocol", async () => {
    const { url } = bench.server;
    const json = await callJson(url, "ecs", "AmazonEC2ContainerServiceV20141113.DeleteService", {});
    expect([json.status, json.body["__type"]]).toEqual([400, "UnknownOperationException"]);
    const query = await callQuery(url, "elasticloadbalancing", {
      Action: "DeleteRule",
      Version: "2015-12-01",
    });
    expect(query.status).toBe(400);
    expect(query.text).toMatch(
      /<ErrorResponse xmlns=.*<Error><Type>Sender<\/Type><Code>InvalidAction<\/Code>/su,
    );
    const ec2 = await callQuery(url, "ec2", {
      Action: "TerminateInstances",
      Version: "2016-11-15",
    });
    expect(ec2.text).toMatch(/<Response><Errors><Error><Code>InvalidAction<\/Code>.*<RequestID>/su);
    const inherited = await callJson(url, "ecs", "AmazonEC2ContainerServiceV20141113.toString", {});
    expect(inherited.body["__type"]).toBe("UnknownOperationException");
  });

  it.each([
    { name: "no signature", header: {}, code: "MissingAuthenticationTokenException" },
    {
      name: "half a signature",
      header: { authorization: "AWS4-HMAC-SHA256 Credential=AKIA" },
      code: "IncompleteSignatureException",
    },
  ])("$name", async ({ header, code }) => {
    const response = await fetch(bench.server.url, {
      method: "POST",
      headers: { ...header, "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters" },
      body: "{}",
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: code });
  });

  it("a body that is not JSON, and a request that is none of AWS's", async () => {
    const bad = await fetch(bench.server.url, {
      method: "POST",
      headers: {
        ...signed("ecs"),
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
      },
      body: "{",
    });
    expect(await bad.json()).toMatchObject({ __type: "SerializationException" });
    const foreign = await fetch(`${bench.server.url}/index.html`);
    expect(foreign.status).toBe(404);
    await foreign.text();
  });
});
