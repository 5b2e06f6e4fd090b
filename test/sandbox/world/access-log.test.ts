/** What the offline load balancers write down of the requests that they really serve. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { gunzipSync } from "node:zlib";
import { startAwsServer, type AwsServer } from "../../../src/sandbox/aws/server.ts";
import { accessLogBucketName as Bucket } from "../../../src/sandbox/world/initial/balancers.ts";
import { startLivingWorld, type LivingWorld } from "../../../src/sandbox/world/living.ts";
import { createClients, type Clients } from "../aws/start.ts";
import { createVisitor } from "./visitor.ts";

let world: LivingWorld;
let server: AwsServer;
let clients: Clients;
beforeAll(async () => {
  world = await startLivingWorld([]);
  await world.settled();
  server = await startAwsServer(world.state);
  clients = createClients(server.url);
}, 30_000);
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await server.close();
  await world.stop();
});

const day = (): string => new Date(world.state.now()).toISOString().slice(0, 10);
const keys = async (): Promise<readonly string[]> => {
  const Prefix = `alb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/`;
  const StartAfter = `${Prefix}${day().replaceAll("-", "/")}`;
  const { Contents } = await clients.s3.send(
    new ListObjectsV2Command({ Bucket, Prefix, StartAfter }),
  );
  return (Contents ?? []).flatMap(({ Key }) => Key ?? []);
};
const linesOf = async (Key: string): Promise<readonly string[]> => {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  const bytes = (await Body?.transformToByteArray()) ?? Buffer.alloc(0);
  return gunzipSync(bytes).toString().trim().split("\n");
};
/** Five minutes later, when what was written until now is published. */
const later = (): void => void (world.state.clockShift += 5 * 60_000);
const visit = async (url: string, agent: string): Promise<number> =>
  (await createVisitor(world).visit(url, { headers: { "user-agent": agent } })).status;

it("has the past, a file for each node and five minutes, named after their end", async () => {
  later();
  const found = await keys();
  expect(found.length).toBeGreaterThan(0);
  const named =
    /\/123456789012_elasticloadbalancing_us-east-1_app\.hokusai-main-development\.[0-9a-f]{16}_\d{8}T\d\d\d[05]Z_30\.\d+\.\d+\.\d+_[0-9a-f]{8}\.log\.gz$/u;
  expect(found.filter((key) => !named.test(key))).toEqual([]);
  const lines = await linesOf(found.at(-1) ?? "");
  expect(lines[0]).toMatch(
    /^https \S+Z app\/hokusai-main-development\/\S+ \S+:\d+ 10\.0\.\d\.\d+:8001 0\.001 \d\.\d{3} 0\.000 200 200 \d+ \d+ "POST https:\/\/api\.hokus\.ai:443\/api\/v1\/models\/21\/predict HTTP\/1\.1" "python-requests/u,
  );
});

it("has a request after its five minutes, and not before", async () => {
  // In the middle of five minutes, so that they do not end while this looks.
  const fiveMs = 5 * 60_000;
  world.state.clockShift += fiveMs + 2 * 60_000 - (world.state.now() % fiveMs);
  expect(await visit("https://api.hokus.ai/health?x=1", "access-log-test")).toBe(200);
  const written = async (): Promise<readonly string[]> =>
    (await Promise.all((await keys()).map(linesOf)))
      .flat()
      .filter((line) => line.includes("access-log-test"));
  expect(await written()).toEqual([]);
  later();
  const lines = await written();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(" 200 200 ");
  expect(lines[0]).toContain(
    '"GET https://api.hokus.ai:443/health?x=1 HTTP/1.1" "access-log-test"',
  );
});

it("has nothing of a load balancer that keeps no log", async () => {
  await visit("https://registry.hokus.ai/health", "other-balancer-test");
  later();
  const lines = (await Promise.all((await keys()).map(linesOf))).flat();
  expect(lines.filter((line) => line.includes("other-balancer-test"))).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
});
