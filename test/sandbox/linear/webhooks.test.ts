import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LinearWebhookClient } from "@linear/sdk/webhooks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startLinear } from "#sandbox/linear/server.ts";
import type { LinearWorld } from "#sandbox/linear/server.ts";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let world: LinearWorld;
let server: Server;
let url: string;
let status = 200;
const received: Received[] = [];
const payloadOf = (index: number) =>
  JSON.parse(received[index]?.body.toString() ?? "null") as Record<string, unknown> & {
    readonly data: Record<string, unknown>;
  };

beforeEach(async () => {
  world = await startLinear();
  received.length = 0;
  status = 200;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/linear`;
});
afterEach(async () => {
  await world.stop();
  await new Promise((resolve) => server.close(resolve));
});

it("sends every change, in order, so that the SDK's own helper accepts it", async () => {
  world.webhooks.connect(url);
  world.asPerson.openIssue("Model 21 is down");
  world.asPerson.moveState("HOK-123", "In Progress");
  const { id } = world.asPerson.comment("HOK-123", "on it");
  await world.webhooks.settled();

  expect(received.map(({ headers }) => headers["linear-event"])).toEqual([
    "Issue",
    "Issue",
    "Comment",
  ]);
  const client = new LinearWebhookClient(world.webhookSecret);
  for (const { headers, body } of received) {
    const signature = String(headers["linear-signature"]);
    expect(
      client.verify(body, signature, JSON.parse(body.toString()).webhookTimestamp as number),
    ).toBe(true);
  }
  expect(payloadOf(1)).toMatchObject({
    action: "update",
    type: "Issue",
    data: {
      identifier: "HOK-123",
      state: { name: "In Progress", type: "started" },
      team: { key: "HOK" },
    },
    updatedFrom: { stateId: expect.any(String) },
    actor: { id: world.ids.person, type: "user" },
  });
  expect(payloadOf(2)).toMatchObject({
    action: "create",
    data: { id, body: "on it", issue: { identifier: "HOK-123" }, user: { id: world.ids.person } },
  });
});

it("refuses a forged body", async () => {
  world.asPerson.openIssue("a");
  await world.webhooks.deliver(url);
  const [first] = received;
  const client = new LinearWebhookClient(world.webhookSecret);
  const forged = Buffer.from(String(first?.body).replace("HOK-123", "HOK-999"));
  expect(() => client.verify(forged, String(first?.headers["linear-signature"]))).toThrow(
    "Invalid webhook signature",
  );
});

it("delivers on demand, and again with the same bytes", async () => {
  world.asPerson.openIssue("a");
  world.asPerson.comment("HOK-123", "b");
  status = 500;
  const [issueCreated] = world.changes;
  const failed = await world.webhooks.deliver(url, issueCreated);
  status = 200;
  const again = await world.webhooks.redeliver(url, failed);
  expect([failed.status, again.status]).toEqual([500, 200]);
  const [first, second] = received;
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  expect(second?.headers["linear-delivery"]).toBe(first?.headers["linear-delivery"]);
  expect(payloadOf(0)).toMatchObject({ type: "Issue", action: "create" });
});

it("goes on when nobody listens, and stops sending when it is told", async () => {
  const nobody = await (world.asPerson.openIssue("a"),
  world.webhooks.deliver("http://127.0.0.1:9/"));
  expect(nobody.status).toBeNull();
  world.webhooks.connect(url);
  world.webhooks.connect(null);
  world.asPerson.comment("HOK-123", "b");
  await world.webhooks.settled();
  expect(received).toEqual([]);
});
