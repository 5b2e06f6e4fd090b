import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import type { Incident } from "#core/incident.ts";
import type { Investigation, InvestigationEvent } from "#core/investigation.ts";
import { createRedactor } from "#core/redact.ts";
import { slots } from "#core/slots.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createLinearEffects } from "#linear/effects.ts";
import { createTicketView } from "#linear/ticket-view.ts";
import { createLinearClient } from "../../src/clients/linear.ts";
import { startLinear, type LinearWorld } from "../../src/sandbox/linear/server.ts";
import { diagnosis, faultRun, plan, target } from "../reports/example-run.ts";

let linear: LinearWorld;
beforeEach(async () => {
  linear = await startLinear();
});
afterEach(() => linear.stop());

const at = "2026-11-21T02:47:01.000Z";
const runOf = (id: string, end = diagnosis()): InvestigationEvent[] => {
  const run = faultRun({ id });
  return [
    {
      type: "started",
      at: run.startedAt,
      id,
      target,
      plan,
      reported: null,
      asker: run.asker,
      vantage: run.vantage,
    },
    ...run.findings.map((row): InvestigationEvent => ({ type: "finding", at, finding: row })),
    ...run.notRun.map((row): InvestigationEvent => ({ type: "not-run", at, notRun: row })),
    { type: "verdict", at, depth: "deep", diagnosis: end },
    { type: "ended", at: run.endedAt ?? at, stopped: "complete" },
  ];
};
const healthy = diagnosis({ verdict: "healthy", leading: [] });

async function world(change: Partial<Pick<Incident, "ticket">> = {}, gapMs = 0) {
  const clock = { now: () => Date.now() };
  const ledger = createMemoryLedger(clock);
  const arrivals = createArrivals(ledger, clock);
  const shown: (string | null)[] = [];
  const client = createLinearClient({
    apiKey: linear.apiKey,
    accessToken: null,
    apiUrl: linear.url,
  });
  const onTicket = async (incident: Incident): Promise<void> => void shown.push(incident.ticket);
  const outbox = createMemoryOutbox(
    createLinearEffects({ linear: client, ledger, arrivals, team: "HOK", onTicket }),
  );
  const view = createTicketView({
    outbox,
    ledger,
    clock,
    redactor: createRedactor(),
    gapMs,
    onProblem: () => undefined,
  });
  const opened = await ledger.openIncident("hokusai-api", "C1");
  const incident = await ledger.amendIncident(opened.id, change);
  await ledger.recordPosted({
    key: slots.root(incident.id),
    ref: "1.1",
    hash: "",
    url: "https://x.slack.com/archives/C1/p11",
  });
  const play = async (events: readonly InvestigationEvent[], run?: string): Promise<void> => {
    const id =
      run ?? events.flatMap((event) => (event.type === "started" ? [event.id] : []))[0] ?? "";
    for (const event of events) {
      await ledger.append(incident.id, id, event);
      await view.onEvent(
        (await ledger.incident(incident.id)) ?? incident,
        (await ledger.investigation(id)) as Investigation,
        event,
      );
    }
    await outbox.drained();
  };
  return { ledger, arrivals, outbox, view, incident, play, shown };
}

describe("ticket view", () => {
  it("opens a ticket when a run ends with a fault, with one comment and the thread attached", async () => {
    const { play, ledger, incident, shown, outbox } = await world();
    await play(runOf("run-1"));
    const [issue] = linear.issues();
    expect(linear.issues()).toHaveLength(1);
    expect(issue).toMatchObject({
      title:
        "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
      priority: 1,
    });
    expect(issue?.comments.map(({ body }) => body.slice(0, 60))).toEqual([
      "**Model 21 is down for customers: auth unreachable (confirme",
    ]);
    expect(issue?.comments[0]?.body).toContain(
      "| Auth unreachable (auth-unreachable) | 97% | confirmed |",
    );
    expect(issue?.attachments).toMatchObject([
      {
        url: "https://x.slack.com/archives/C1/p11",
        metadata: { verdict: "fault", leading: "auth-unreachable" },
      },
    ]);
    expect((await ledger.incident(incident.id))?.ticket).toBe("HOK-123");
    expect(shown).toEqual(["HOK-123"]);
    expect(outbox.dead()).toEqual([]);
  });

  it.each([
    ["healthy", healthy],
    ["not reproduced", diagnosis({ verdict: "not-reproduced", leading: [] })],
    ["inconclusive", diagnosis({ verdict: "inconclusive", leading: [] })],
  ])("opens none for a run that is %s", async (_name, end) => {
    const { play } = await world();
    await play(runOf("run-1", end));
    expect(linear.issues()).toEqual([]);
    expect(linear.calls).toEqual([]);
  });

  it("keeps the same comment current through further runs", async () => {
    const { play } = await world();
    await play(runOf("run-1"));
    await play(runOf("run-2", healthy));
    const comments = linear.issues()[0]?.comments ?? [];
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("Model 21 is healthy as far as 4 of 5 checks can tell.");
    expect(comments[0]?.body.match(/check started/gu)).toHaveLength(2);
  });

  it("fills a named ticket from the start, whatever the verdict", async () => {
    const named = linear.asPerson.openIssue("Customer cannot score", "theirs").identifier;
    const { play } = await world({ ticket: named });
    await play(runOf("run-1", healthy).slice(0, 3));
    expect(linear.comments(named)[0]?.body).toContain("Model 21: checking ...");
    await play(runOf("run-1", healthy));
    expect(linear.comments(named)).toHaveLength(1);
    expect(linear.comments(named)[0]?.body).toContain("Model 21 is healthy");
    expect(linear.issue(named)?.description).toBe("theirs");
    expect(linear.issues()).toHaveLength(1);
  });

  it("uses an open ticket of its own for the same model again, and its one comment", async () => {
    await (await world()).play(runOf("run-1"));
    await (await world()).play(runOf("run-2"));
    expect(linear.issues()).toHaveLength(1);
    expect(linear.issues()[0]?.comments).toHaveLength(1);
    linear.asPerson.moveState("HOK-123", "Done");
    await (await world()).play(runOf("run-3"));
    expect(linear.issues().map(({ identifier }) => identifier)).toHaveLength(2);
  });

  it("sends nothing that would change nothing", async () => {
    const { play } = await world();
    await play(runOf("run-1"));
    const before = linear.calls.length;
    await play(runOf("run-1").slice(-1), "run-1");
    expect(linear.calls.slice(before)).toEqual([]);
  });

  it("writes the comment again when a person deleted it", async () => {
    const { play } = await world();
    await play(runOf("run-1"));
    linear.asPerson.deleteComment(linear.issues()[0]?.comments[0]?.id ?? "");
    await play(runOf("run-2", healthy));
    await play(runOf("run-3"));
    expect(linear.issues()[0]?.comments).toHaveLength(1);
    expect(linear.issues()[0]?.comments[0]?.body).toContain("down for customers");
  });

  it.each(["HokusaiCreateTicket", "HokusaiCreateComment", "HokusaiUpdateComment", "HokusaiAttach"])(
    "does %s once although its answer was lost",
    async (operation) => {
      const { play, outbox } = await world();
      linear.loseAnswer(operation);
      await play(runOf("run-1"));
      await play(runOf("run-2", healthy));
      expect(linear.issues()).toHaveLength(1);
      expect(linear.issues()[0]?.comments).toHaveLength(1);
      expect(linear.issues()[0]?.comments[0]?.body).toContain("is healthy");
      expect(linear.issues()[0]?.attachments).toHaveLength(1);
      expect(outbox.dead()).toEqual([]);
    },
  );

  it("tells who waits when a named ticket is not there", async () => {
    const { play, arrivals, incident, outbox } = await world({ ticket: "HOK-99999" });
    const waiting = arrivals.wait(slots.issue(incident.id), 0, AbortSignal.timeout(2_000));
    await play(runOf("run-1").slice(0, 1));
    expect(await waiting).toEqual({ state: "refused", code: "NOT_FOUND" });
    expect(outbox.dead().length).toBeGreaterThan(0);
  });

  it("opens one when asked to, for a run that opened none", async () => {
    const { play, view, ledger, incident, outbox } = await world();
    await play(runOf("run-1", healthy));
    await view.open(incident, (await ledger.investigation("run-1")) as Investigation);
    await outbox.drained();
    expect(linear.issues()[0]?.comments).toHaveLength(1);
  });

  it("edits at most once in a gap while a run goes on", async () => {
    const clock = vi.spyOn(Date, "now");
    clock.mockReturnValue(1_000_000);
    try {
      const named = linear.asPerson.openIssue("x", "y").identifier;
      const { play } = await world({ ticket: named }, 10_000);
      await play(runOf("run-1", healthy).slice(0, -1));
      expect(linear.changes.filter(({ entity }) => entity === "Comment")).toHaveLength(1);
      await play(runOf("run-1", healthy));
      expect(linear.comments(named)[0]?.body).toContain("is healthy");
    } finally {
      clock.mockRestore();
    }
  });
});
