/** One look through ECS Exec, over the wire: the real client against the offline agents. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAwsPorts, type AwsConnection } from "#clients/aws/aws-ports.ts";
import { loadConfig } from "#config/load.ts";
import type { Service } from "#core/config.ts";
import { FactUnavailable, type Missing } from "#core/missing.ts";
import type { ContainerView, Places } from "#core/ports/exec.ts";
import { createRedactor } from "#core/redact.ts";
import { startAwsServer, type AwsServer } from "../../../../src/sandbox/aws/server.ts";
import { faultNamed } from "../../../../src/sandbox/faults/index.ts";
import { startLivingWorld, type LivingWorld } from "../../../../src/sandbox/world/living.ts";
import type { Task } from "../../../../src/sandbox/world/state.ts";

process.env["AWS_ACCESS_KEY_ID"] ??= "AKIAEXAMPLE";
process.env["AWS_SECRET_ACCESS_KEY"] ??= "example";

const places: Places = {
  auth: { host: "auth.hokus.ai", port: 443 },
  hub: { host: "huggingface.co", port: 443 },
  redis: null,
  database: null,
};
let world: LivingWorld;
let server: AwsServer;
let ports: AwsConnection;
let service: Service;
let usual: LivingWorld["state"]["exec"];

beforeAll(async () => {
  world = await startLivingWorld([faultNamed("healthy")]);
  await world.settled();
  server = await startAwsServer(world.state, { inside: world.inside });
  const redactor = createRedactor();
  const region = "us-east-1";
  ports = createAwsPorts({ region, endpointUrl: server.url, role: null, redactor });
  const config = await loadConfig({ env: { AWS_REGION: region }, cwd: process.cwd() });
  const [found] = config.services;
  if (found === undefined) throw new Error("hokusai.yaml has no service");
  service = { ...found, exec: { enabled: true, container: null, role: null, approvers: [] } };
  usual = structuredClone(world.state.exec);
}, 30_000);
afterAll(async () => {
  ports.close();
  await server.close();
  await world.stop();
});
beforeEach(() => {
  world.state.exec = structuredClone(usual);
});

const apiTask = (): Task => {
  const found = world.state.ecs.tasks.find(
    ({ group, lastStatus }) =>
      group === "service:hokusai-api-development" && lastStatus === "RUNNING",
  );
  if (found === undefined) throw new Error("no API task runs");
  return found;
};
const look = (change: Partial<Service> = {}, ms = 12_000): Promise<ContainerView> =>
  ports.exec.look(
    { service: { ...service, ...change }, task: apiTask().arn, places },
    AbortSignal.timeout(ms),
  );
async function missing(work: Promise<unknown>): Promise<Missing> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof FactUnavailable) return error.missing;
  throw new Error(`expected FactUnavailable, got ${String(error)}`);
}

const healthy = {
  container: "hokusai-api",
  places: {
    auth: { host: "auth.hokus.ai", outcome: "ok", status: 404 },
    hub: { host: "huggingface.co", outcome: "ok", status: 401 },
    redis: { host: "redis.hokusai-development.local", port: 6379, outcome: "ok", status: null },
    database: { port: 5432, outcome: "ok" },
  },
  own: { port: 8001, answer: { outcome: "ok" } },
};

describe("a look from inside", () => {
  it("tells what the container reaches, and where it listens", async () => {
    const view = await look();
    expect(view).toMatchObject(healthy);
    expect(view.own?.listening).toContainEqual({ on: "any", port: 8001 });
    expect(JSON.stringify(view)).not.toContain("password");
  });

  it.each([
    ["loses every second frame", { loseEvery: 2 }],
    ["loses every third frame", { loseEvery: 3 }],
    ["sends every second frame twice", { repeatEvery: 2 }],
    ["swaps every second frame with the next", { swapEvery: 2 }],
    ["does all of it", { loseEvery: 4, repeatEvery: 3, swapEvery: 5 }],
  ])("is the same over a wire that %s", { timeout: 20_000 }, async (_, wire) => {
    Object.assign(world.state.exec.wire, wire);
    // Enough output for many frames.
    world.state.exec.chatter = 9_000;
    expect(await look()).toMatchObject(healthy);
  });

  it("is one session, and one call", async () => {
    const before = server.calls.length;
    await look();
    const calls = server.calls.slice(before).map(({ action }) => action);
    expect(calls).toEqual([
      "ecs:DescribeTasks",
      "ecs:DescribeTaskDefinition",
      "ecs:ExecuteCommand",
    ]);
  });

  it("ends at its deadline, whatever the agent does", async () => {
    world.state.exec.silent = true;
    const began = performance.now();
    await expect(look({}, 700)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

type Row = readonly [
  what: string,
  prepare: () => (() => void) | void,
  wanted: { readonly reason: string; readonly availability: string; readonly says: RegExp },
];
const rows: readonly Row[] = [
  [
    "an agent that never speaks",
    () => void (world.state.exec.silent = true),
    { reason: "broken", availability: "lost", says: /did not begin the session/u },
  ],
  [
    "more output than is kept",
    () => void (world.state.exec.chatter = 40_000),
    { reason: "broken", availability: "lost", says: /more than 16384 characters/u },
  ],
  [
    "a cluster whose sessions want a KMS key",
    () => void (world.state.exec.kmsKeyId = "arn:aws:kms:us-east-1:123456789012:key/1"),
    {
      reason: "not-applicable",
      availability: "never",
      says: /KMSEncryption.*are refused.*kmsKeyId/u,
    },
  ],
  [
    "an image without a shell",
    () => void (world.state.exec.shell = false),
    { reason: "broken", availability: "lost", says: /stat \/bin\/sh: no such file/u },
  ],
  [
    "an image without an interpreter",
    () => void (world.state.exec.python = false),
    { reason: "not-applicable", availability: "never", says: /cannot tell: no interpreter/u },
  ],
  [
    "agents that AWS does not reach",
    () => void (world.state.exec.connected = false),
    { reason: "broken", availability: "lost", says: /does not reach the agent/u },
  ],
  [
    "agents that do not run",
    () => void (world.state.exec.status = "STOPPED"),
    {
      reason: "not-applicable",
      availability: "lost",
      says: /agent of ECS Exec is STOPPED.*ssmmessages/u,
    },
  ],
  [
    "a task that was started without it",
    () => {
      const task = apiTask();
      task.enableExecuteCommand = false;
      return () => void (task.enableExecuteCommand = true);
    },
    {
      reason: "not-applicable",
      availability: "never",
      says: /not enabled when the task was started.*--enable-execute-command/u,
    },
  ],
  [
    "a platform that is too old",
    () => {
      const task = apiTask();
      task.platformVersion = "1.3.0";
      return () => void (task.platformVersion = "1.4.0");
    },
    { reason: "not-applicable", availability: "never", says: /platform version 1\.3\.0/u },
  ],
  [
    "a read-only root file system",
    () => {
      const definition = world.state.ecs.taskDefinitions.find(
        ({ arn }) => arn === apiTask().taskDefinitionArn,
      );
      const [container] = definition?.containerDefinitions ?? [];
      if (container === undefined) throw new Error("no container");
      container.readonlyRootFilesystem = true;
      return () => void delete container.readonlyRootFilesystem;
    },
    { reason: "not-applicable", availability: "never", says: /read-only/u },
  ],
  [
    "a role that may not",
    () => {
      world.state.controlPlane.deniedActions.add("ecs:ExecuteCommand");
      return () => void world.state.controlPlane.deniedActions.delete("ecs:ExecuteCommand");
    },
    {
      reason: "denied",
      availability: "lost",
      says: /ecs:ExecuteCommand refused.*grant ecs:ExecuteCommand/u,
    },
  ],
];

describe("a look that is not possible says what would mend it", () => {
  it.each(rows)("%s", { timeout: 20_000 }, async (_, prepare, { says, ...wanted }) => {
    const restore = prepare();
    try {
      const seen = await missing(look());
      expect(seen).toMatchObject(wanted);
      expect(`${seen.detail}; ${seen.mend}`).toMatch(says);
    } finally {
      restore?.();
    }
  });

  it("a container that is not in the task", async () => {
    const exec = { enabled: true, container: "sidecar", role: null, approvers: [] };
    const seen = await missing(look({ exec }));
    expect(seen).toMatchObject({
      availability: "never",
      detail: "the task has no container sidecar",
    });
  });
});
