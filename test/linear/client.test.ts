import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLinearClient } from "../../src/clients/linear.ts";
import { RetryLater } from "#core/incident.ts";
import { LinearRefused } from "#core/ports/linear.ts";
import { uuidOf } from "#core/slots.ts";
import { startLinear, type LinearWorld } from "../../src/sandbox/linear/server.ts";

let world: LinearWorld;
beforeAll(async () => {
  world = await startLinear();
});
afterAll(() => world.stop());
afterEach(() => world.heal());

const client = (
  change: { apiKey?: string | null; accessToken?: string | null; timeoutMs?: number } = {},
) =>
  createLinearClient({
    apiKey: world.apiKey,
    accessToken: null,
    apiUrl: world.url,
    timeoutMs: 2_000,
    ...change,
  });
const ticket = (key: string, team: string | null = null) => ({
  id: uuidOf(key),
  title: "Model 21 is down",
  description: `marker ${key}`,
  priority: 1,
  team,
});

describe("Linear client", () => {
  it("opens a ticket once for one id, and finds it by id, identifier and text", async () => {
    const linear = client();
    const made = await linear.createTicket(ticket("a"));
    expect(await linear.createTicket(ticket("a"))).toEqual(made);
    expect(await linear.ticket(made.identifier)).toEqual(made);
    expect(await linear.ticket(made.id)).toEqual(made);
    expect(await linear.openTicketWith("marker a")).toEqual(made);
    expect(world.issues().filter(({ description }) => description === "marker a")).toHaveLength(1);
  });

  it("does not find a ticket that is done, or that a person opened", async () => {
    const linear = client();
    const made = await linear.createTicket(ticket("b"));
    world.asPerson.moveState(made.id, "Done");
    world.asPerson.openIssue("by hand", "marker c");
    expect(await linear.openTicketWith("marker b")).toBeNull();
    expect(await linear.openTicketWith("marker c")).toBeNull();
    expect(await linear.ticket("HOK-99999")).toBeNull();
  });

  it("creates and edits a comment; says when it is there already or gone", async () => {
    const linear = client({ apiKey: null, accessToken: world.accessToken });
    const { id: issueId } = await linear.createTicket(ticket("d"));
    const comment = { id: uuidOf("d/comment"), issueId, body: "one" };
    expect(await linear.createComment(comment)).toBe("created");
    expect(await linear.createComment(comment)).toBe("exists");
    expect(await linear.updateComment(comment.id, "two")).toBe("updated");
    expect(world.comments(issueId).map(({ body }) => body)).toEqual(["two"]);
    world.asPerson.deleteComment(comment.id);
    expect(await linear.updateComment(comment.id, "three")).toBe("gone");
  });

  it("keeps one attachment for a URL", async () => {
    const linear = client();
    const { id: issueId } = await linear.createTicket(ticket("e"));
    const attachment = {
      issueId,
      url: "https://x.slack.com/p1",
      title: "Slack thread",
      subtitle: "down",
      metadata: { verdict: "fault" },
    };
    await linear.attach(attachment);
    await linear.attach({ ...attachment, subtitle: "works", metadata: { verdict: "healthy" } });
    expect(world.attachments(issueId)).toMatchObject([
      { subtitle: "works", metadata: { verdict: "healthy" } },
    ]);
  });

  it.each([
    ["a rate limit", () => world.fail("*", "RATELIMITED")],
    ["an error of Linear's", () => world.fail("*", "INTERNAL_SERVER_ERROR")],
    ["a gateway's 503", () => world.fail("*", { http: 503 })],
    ["a cut connection", () => world.fail("*", { reset: true })],
    ["a lost answer", () => world.loseAnswer("*")],
  ])("asks to try again after %s", async (_name, break_) => {
    break_();
    await expect(client().ticket("HOK-123")).rejects.toThrow(RetryLater);
  });

  it("gives up on a hanging call, and the next one works", async () => {
    const linear = client({ timeoutMs: 100 });
    world.fail("*", { delayMs: 400 });
    await expect(linear.ticket("HOK-99999")).rejects.toThrow(/no answer to HokusaiTicket in time/u);
    expect(await linear.ticket("HOK-99999")).toBeNull();
  });

  it("waits as long as the rate limit says", async () => {
    const limited = await startLinear({ allowance: { requests: 1, complexity: 3_000_000 } });
    try {
      const linear = createLinearClient({
        apiKey: limited.apiKey,
        accessToken: null,
        apiUrl: limited.url,
      });
      await linear.ticket("HOK-1");
      const error = await linear.ticket("HOK-1").catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RetryLater);
      expect((error as RetryLater).afterMs).toBeGreaterThan(3_000_000);
    } finally {
      await limited.stop();
    }
  });

  it.each([
    [
      "a wrong key",
      () => client({ apiKey: "lin_api_wrong" }).ticket("HOK-1"),
      /AUTHENTICATION_ERROR/u,
    ],
    [
      "a team that is not there",
      () => client().createTicket(ticket("f", "NOPE")),
      /there is no team NOPE/u,
    ],
    [
      "a full ticket",
      () => (
        world.fail("*", "QUOTA_EXCEEDED"),
        client().createComment({ id: uuidOf("g"), issueId: "x", body: "b" })
      ),
      /QUOTA_EXCEEDED/u,
    ],
  ])("refuses for good: %s", async (_name, call, message) => {
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LinearRefused);
    expect((error as Error).message).toMatch(message);
  });
});
