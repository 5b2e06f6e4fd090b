import { describe, expect, it, vi } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import { RetryLater, type EffectHandler } from "#core/incident.ts";
import type { Investigation, InvestigationEvent } from "#core/investigation.ts";
import { SlackRefused } from "#core/ports/slack.ts";
import { createRedactor } from "#core/redact.ts";
import { slots } from "#core/slots.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createSlackEffects } from "#slack/effects.ts";
import { createThreadView } from "#slack/thread-view.ts";
import { diagnosis, faultRun, finding, plan, target } from "../reports/example-run.ts";
import { createFakeSlack } from "./fake-slack.ts";

const at = "2026-11-21T02:47:01.000Z";
const runOf = (id: string): InvestigationEvent[] => {
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
    { type: "verdict", at, depth: "fast", diagnosis: diagnosis() },
    { type: "verdict", at, depth: "deep", diagnosis: diagnosis() },
    { type: "ended", at: run.endedAt ?? at, stopped: "complete" },
  ];
};

async function world(gapMs = 0) {
  const clock = { now: () => Date.now() };
  const ledger = createMemoryLedger(clock);
  const fake = createFakeSlack();
  const arrivals = createArrivals(ledger, clock);
  const handlers: ReadonlyMap<string, EffectHandler> = createSlackEffects({
    slack: fake.api,
    ledger,
    arrivals,
  });
  const outbox = createMemoryOutbox(handlers);
  const problems: string[] = [];
  const redactor = createRedactor(["s3cr3t-value"]);
  const view = createThreadView({
    outbox,
    ledger,
    clock,
    redactor,
    gapMs,
    onProblem: (line) => problems.push(line),
  });
  const incident = await ledger.openIncident("hokusai-api", "C1");
  const play = async (events: readonly InvestigationEvent[]): Promise<void> => {
    for (const event of events) {
      const id = event.type === "started" ? event.id : current;
      current = id;
      await ledger.append(incident.id, id, event);
      const now = (await ledger.incident(incident.id)) ?? incident;
      await view.onEvent(now, (await ledger.investigation(id)) as Investigation, event);
    }
  };
  let current = "";
  return { ledger, fake, arrivals, outbox, view, incident, play, problems, handlers };
}

describe("thread view", () => {
  it("keeps one root message, one mention and the detail of a run", async () => {
    const { fake, play, outbox, incident } = await world();
    await play(runOf("run-1"));
    await outbox.drained();
    expect(fake.messages.map(({ key, threadTs }) => [key, threadTs])).toEqual([
      [slots.root(incident.id), null],
      [slots.mention(incident.id, "run-1"), "1732157220.000001"],
      [slots.detail(incident.id, "run-1", 1), "1732157220.000001"],
      [slots.detail(incident.id, "run-1", 2), "1732157220.000001"],
      [slots.detail(incident.id, "run-1", 3), "1732157220.000001"],
    ]);
    expect(fake.messages[0]?.text).toContain("down for customers");
    expect(outbox.dead()).toEqual([]);
  });

  it("shows a second run of the incident in the same root message, with its own mention", async () => {
    const { fake, play, outbox, incident } = await world();
    await play(runOf("run-1"));
    await play([
      ...runOf("run-2").slice(0, -3),
      {
        type: "verdict",
        at,
        depth: "deep",
        diagnosis: diagnosis({ verdict: "healthy", leading: [] }),
      },
      { type: "ended", at, stopped: "complete" },
    ]);
    await outbox.drained();
    expect(fake.messages.filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    expect(fake.messages[0]?.text).toContain(
      "Model 21 is healthy as far as 4 of 5 checks can tell.",
    );
    expect(
      fake.messages.filter(({ key }) => key.endsWith("/mention")).map(({ key }) => key),
    ).toEqual([slots.mention(incident.id, "run-1"), slots.mention(incident.id, "run-2")]);
  });

  it("says nothing twice when the same events are played again", async () => {
    const { fake, play, outbox } = await world();
    await play(runOf("run-1"));
    await outbox.drained();
    const before = structuredClone(fake.messages);
    await play(runOf("run-1").slice(-1));
    await outbox.drained();
    expect(fake.messages).toEqual(before);
  });

  it("edits at most once in a gap, and writes the last state at once", async () => {
    vi.useFakeTimers();
    try {
      const { fake, play, outbox } = await world(2_000);
      const [started, ...rest] = runOf("run-1");
      await play([started as InvestigationEvent]);
      await vi.advanceTimersByTimeAsync(10);
      await play(rest.slice(0, 3));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(fake.messages[0]?.edits).toBe(0);
      await vi.advanceTimersByTimeAsync(1_100);
      await outbox.drained();
      expect(fake.messages[0]?.edits).toBe(1);
      expect(fake.messages[0]?.text).toBe("Model 21: checking ... 3 of 5");
      await play(rest.slice(3));
      await outbox.drained();
      expect(fake.messages[0]?.text).toContain("down for customers");
      await vi.advanceTimersByTimeAsync(10_000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("looks for a message whose answer was lost before it posts again", async () => {
    const { fake, play, outbox } = await world();
    let lost = 0;
    fake.after.push((method) => {
      if (method === "post" && lost === 0) {
        lost += 1;
        throw new RetryLater("the answer was lost", 1);
      }
    });
    await play(runOf("run-1"));
    await outbox.drained();
    expect(fake.finds).toHaveLength(1);
    expect(fake.messages.filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
  });

  it.each([
    [
      "rich text where Slack refuses the plan",
      (blocks: readonly object[]) => JSON.stringify(blocks).includes('"plan"'),
      ["rich_text", "rich_text", "actions"],
    ],
    ["text where Slack refuses every block", (blocks: readonly object[]) => blocks.length > 0, []],
  ])("falls back to %s", async (_name, refuses, types) => {
    const { fake, play, outbox } = await world();
    fake.before.push((method, { blocks }) => {
      if (refuses(blocks)) throw new SlackRefused(method, "invalid_blocks");
    });
    await play(runOf("run-1"));
    await outbox.drained();
    expect(fake.messages[0]?.blocks.map((block) => (block as { type: string }).type)).toEqual(
      types,
    );
    expect(fake.messages[0]?.text).toContain("Model 21 is down for customers");
    expect(fake.messages).toHaveLength(5);
  });

  it("tells who waits that it may not post, and posts once it may", async () => {
    const { fake, play, outbox, arrivals, incident } = await world();
    let invited = false;
    fake.before.push((method) => {
      if (!invited) throw new SlackRefused(method, "not_in_channel");
    });
    const waiting = arrivals.wait(slots.root(incident.id), 0, AbortSignal.timeout(1_000));
    await play(runOf("run-1"));
    await outbox.drained();
    expect(await waiting).toEqual({ state: "refused", code: "not_in_channel" });
    expect(fake.messages).toEqual([]);
    invited = true;
    await play(runOf("run-2"));
    await outbox.drained();
    expect(
      await arrivals.wait(slots.root(incident.id), 0, AbortSignal.timeout(1_000)),
    ).toMatchObject({ state: "arrived" });
  });

  it("shows a ticket that was opened after the run", async () => {
    const { fake, play, outbox, view, ledger, incident } = await world();
    await play(runOf("run-1"));
    await view.refresh(await ledger.amendIncident(incident.id, { ticket: "HOK-7" }));
    await outbox.drained();
    expect(JSON.stringify(fake.messages[0]?.blocks)).toContain("us-east-1 · HOK-7");
  });

  it("shows no secret, wherever it comes from", async () => {
    const { fake, play, outbox } = await world();
    const [started, ...rest] = runOf("run-1");
    const leaky: InvestigationEvent = {
      type: "finding",
      at,
      finding: finding("edge/reach", "failing", "timeout", "key hk_live_abc123 and s3cr3t-value"),
    };
    await play([started as InvestigationEvent, leaky, ...rest.slice(3)]);
    await outbox.drained();
    const sent = JSON.stringify(fake.messages);
    expect(sent).toContain("[api key removed]");
    expect(sent).not.toMatch(/hk_live_abc123|s3cr3t-value/u);
  });
});
