import { afterEach, describe, expect, it } from "vitest";
import { faultNamed, faults } from "../../../src/sandbox/faults/index.ts";
import { startLivingWorld } from "../../../src/sandbox/world/living.ts";
import type { LivingWorld } from "../../../src/sandbox/world/living.ts";
import { keys } from "../../../src/sandbox/world/initial/outside.ts";
import { createVisitor, inputs } from "./visitor.ts";

const predict = "https://api.hokus.ai/api/v1/models/21/predict";
let world: LivingWorld | null = null;
afterEach(async () => {
  await world?.stop();
  world = null;
});

const open = async (...ids: string[]) => {
  const opened = await startLivingWorld(ids.map(faultNamed));
  world = opened;
  await opened.settled();
  const { visit } = createVisitor(opened);
  const { state } = opened;
  const post = async (url = predict, key: string = keys.probe) =>
    await visit(url, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: { inputs },
    });
  const [service] = state.ecs.services;
  const lines = (): { timestamp: number; message: string }[] =>
    state.logs.groups.flatMap((group) => group.streams.flatMap((stream) => stream.events));
  const stopped = () => state.ecs.tasks.filter((task) => task.lastStatus === "STOPPED");
  return { opened, state, visit, post, service, lines, stopped };
};

const minutesBack = (state: { now(): number }, time: number): number =>
  (state.now() - time) / 60_000;

describe("faults, as the world shows them", () => {
  it("healthy: a prediction is answered", async () => {
    const { post, service, stopped } = await open("healthy");
    expect((await post()).status).toBe(200);
    expect([service?.runningCount, stopped().length]).toEqual([2, 0]);
  });

  it("service-not-running: nothing runs, the load balancer says 503", async () => {
    const { post, service, state } = await open("service-not-running");
    expect((await post()).status).toBe(503);
    expect([service?.desiredCount, service?.runningCount]).toEqual([0, 0]);
    expect(
      state.elb.targets.filter((one) => one.targetGroupArn.includes("hokusai-api-development")),
    ).toEqual([]);
    expect(minutesBack(state, state.trail.at(-1)?.eventTime ?? 0)).toBeCloseTo(20, 0);
  });

  it.each([
    ["startup-failure", /ImportError/],
    ["missing-environment", /RuntimeError: HUGGINGFACE_API_KEY is not set/],
  ])("%s: tasks exit with 1, again and again, and say why", async (id, pattern) => {
    const { post, service, state, lines, stopped } = await open(id);
    expect((await post()).status).toBe(503);
    const exited = stopped().filter((task) => task.stopCode === "EssentialContainerExited");
    expect(new Set(exited.map((task) => task.containers[0]?.exitCode))).toEqual(new Set([1]));
    const reasons = lines().filter((line) => pattern.test(line.message));
    expect(reasons).toHaveLength(exited.length);
    expect(Math.max(...reasons.map((line) => minutesBack(state, line.timestamp)))).toBeGreaterThan(
      18,
    );
    expect(Math.min(...reasons.map((line) => minutesBack(state, line.timestamp)))).toBeLessThan(5);
    const [deployment] = service?.deployments ?? [];
    expect(deployment).toMatchObject({
      status: "PRIMARY",
      rolloutState: "IN_PROGRESS",
      runningCount: 0,
    });
    expect(deployment?.failedTasks).toBe(exited.length);
    expect(
      service?.events.some((event) => event.message.includes("unable to consistently start")),
    ).toBe(true);
  });

  it("image-or-secret-pull: tasks never start, and no stream is written", async () => {
    const { stopped, lines, state } = await open("image-or-secret-pull");
    const failed = stopped().filter((task) => task.stopCode === "TaskFailedToStart");
    expect(failed.length).toBeGreaterThan(4);
    expect(failed[0]?.stoppedReason).toMatch(/^CannotPullContainerError: .*:e7710bd: not found$/);
    const after = lines().filter((line) => minutesBack(state, line.timestamp) < 15);
    expect(after.filter((line) => line.message.includes("Started server"))).toEqual([]);
  });

  it("load-balancer-misconfigured: 503 by the load balancer, with healthy targets", async () => {
    const { post, visit, state } = await open("load-balancer-misconfigured");
    const answer = await post();
    expect([answer.status, answer.headers.server]).toEqual([503, "awselb/2.0"]);
    expect((await visit("https://api.hokus.ai/health")).status).toBe(200);
    const own = state.elb.targets.filter((one) =>
      one.targetGroupArn.includes("hokusai-api-development"),
    );
    expect(own.map((one) => one.state)).toEqual(["healthy", "healthy"]);
  });

  it("security-group-blocking: targets time out, requests end as 504, tasks are replaced", async () => {
    const { post, state, stopped } = await open("security-group-blocking");
    expect((await post()).status).toBe(504);
    const own = state.elb.targets.filter((one) =>
      one.targetGroupArn.includes("hokusai-api-development"),
    );
    expect(own.map((one) => one.reason)).toEqual(["Target.Timeout", "Target.Timeout"]);
    expect(
      stopped().every((task) => task.stoppedReason?.startsWith("Task failed ELB health checks")),
    ).toBe(true);
    expect(stopped().length).toBeGreaterThan(2);
  }, 15_000);

  it("auth-unreachable: 401 at once without a key, 503 after two seconds with one", async () => {
    const { post, visit, lines, state } = await open("auth-unreachable");
    expect((await visit(predict, { method: "POST", body: { inputs } })).status).toBe(401);
    expect((await post()).status).toBe(503);
    const timeouts = lines().filter((line) => line.message.includes("auth service timeout"));
    expect(timeouts.length).toBeGreaterThan(20);
    expect(
      Math.max(...timeouts.map((line) => minutesBack(state, line.timestamp))),
    ).toBeLessThanOrEqual(20.1);
  }, 15_000);

  it("wrong-host: the page and the customer name the website, which answers 405 HTML", async () => {
    const { opened, post, visit, lines, state } = await open("wrong-host");
    expect((await post()).status).toBe(200);
    expect((await post("https://hokus.ai/api/v1/models/21/predict")).status).toBe(405);
    expect((await visit("https://hokus.ai/explore-models/21")).body).toContain(
      "https://hokus.ai/api",
    );
    expect(opened.customerCalls.at(-1)).toMatchObject({ outcome: 405 });
    const fromCustomer = lines().filter(
      (line) => minutesBack(state, line.timestamp) < 19 && / 30\.110\./.test(line.message),
    );
    expect(fromCustomer).toEqual([]);
  });

  it("route-conflict: 405 JSON with Allow: GET, from a release", async () => {
    const { post, service } = await open("route-conflict");
    const answer = await post();
    expect([answer.status, answer.headers.allow]).toEqual([405, "GET"]);
    expect(answer.json()).toEqual({ detail: "Method Not Allowed" });
    expect(service?.taskDefinition).toMatch(/:43$/);
  });
});

describe("edits that no process has to follow", () => {
  it("each shows at once, and is gone once healed", async () => {
    const { state, visit, post } = await open();
    const outcome = async (key?: string): Promise<string> => {
      try {
        const { status, body } = await post(predict, key);
        return `${status} ${body.startsWith("<html>") ? "HTML" : "JSON"}`;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? "";
      }
    };
    const rows: [string, string, string?][] = [
      ["certificate-invalid", "CERT_HAS_EXPIRED"],
      ["dns-resolution", "ENOTFOUND"],
      ["edge-blocked", "403 HTML"],
      ["load-balancer-misconfigured", "503 HTML"],
      ["wrong-host", "200 JSON"],
    ];
    for (const [id, wanted, key] of rows) {
      const fault = faultNamed(id);
      fault.apply(state);
      fault.apply(state);
      expect([id, await outcome(key)]).toEqual([id, wanted]);
      fault.heal(state);
      expect([id, await outcome(key)]).toEqual([id, "200 JSON"]);
    }
    expect((await visit("https://api.hokus.ai/health")).status).toBe(200);
  });

  it("api-key-invalid: the customer is refused, everybody else is served", async () => {
    const { opened, post } = await open("api-key-invalid");
    expect((await post()).status).toBe(200);
    expect((await post(predict, keys.customer)).status).toBe(401);
    expect(opened.customerCalls.at(-1)).toMatchObject({ outcome: 401 });
  });

  it("port-mismatch: targets refuse, the load balancer says 502", async () => {
    const { post, state } = await open("port-mismatch");
    expect((await post()).status).toBe(502);
    const own = state.elb.targets.filter((one) =>
      one.targetGroupArn.includes("hokusai-api-development"),
    );
    expect(own.map((one) => one.reason)).toEqual([
      "Target.FailedHealthChecks",
      "Target.FailedHealthChecks",
    ]);
  });

  it("health-check-path: every target unhealthy, and the load balancer fails open", async () => {
    const { post, state } = await open("health-check-path");
    expect((await post()).status).toBe(200);
    const own = state.elb.targets.filter((one) =>
      one.targetGroupArn.includes("hokusai-api-development"),
    );
    expect(new Set(own.map((one) => one.description))).toEqual(
      new Set(["Health checks failed with these codes: [401]"]),
    );
  });

  it("release-rolled-back: it works again, and only the deployments tell", async () => {
    const { post, service, stopped } = await open("release-rolled-back");
    expect((await post()).status).toBe(200);
    expect(service?.taskDefinition).toMatch(/:42$/);
    expect(service?.serviceDeployments[0]).toMatchObject({
      status: "ROLLBACK_SUCCESSFUL",
      circuitBreaker: { status: "TRIGGERED" },
    });
    const crashed = stopped().filter((task) => task.stopCode === "EssentialContainerExited");
    expect(crashed.length).toBeGreaterThan(2);
    expect(crashed.length).toBeLessThan(6);
  });
});

describe("injected and healed while it runs", () => {
  it.each(["service-not-running", "missing-environment", "route-conflict"])(
    "%s",
    async (id) => {
      const { opened, post } = await open();
      await opened.change((state) => faultNamed(id).apply(state));
      expect((await post()).status).toBeGreaterThanOrEqual(400);
      await opened.change((state) => faultNamed(id).heal(state));
      expect((await post()).status).toBe(200);
    },
    20_000,
  );

  it("two at once show both", async () => {
    const { post, state } = await open("auth-unreachable", "wrong-host");
    expect((await post()).status).toBe(503);
    expect(state.website.pages[0]?.baseUrl).toBe("https://hokus.ai/api");
  }, 15_000);

  it("names the faults there are when asked for another", () => {
    expect(() => faultNamed("nonsense")).toThrow(/service-not-running/);
    expect(new Set(faults.map((fault) => fault.id)).size).toBe(faults.length);
  });
});
