import type { App } from "@slack/bolt";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import type { Investigation, InvestigationEvent } from "#core/investigation.ts";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import { createRedactor } from "#core/redact.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createSlackApp } from "#slack/app.ts";
import { createSlackEffects } from "#slack/effects.ts";
import { registerSlack } from "#slack/register.ts";
import { createThreadView } from "#slack/thread-view.ts";
import { createSlackClient } from "../../src/clients/slack.ts";
import { startSlack, type SlackWorld } from "../../src/sandbox/slack/server.ts";
import { diagnosis, faultRun, plan, target } from "../reports/example-run.ts";

const at = "2026-11-21T02:47:01.000Z";
let slack: SlackWorld;
let bot: Awaited<ReturnType<typeof startDoor>>;

beforeEach(async () => {
  slack = await startSlack();
  bot = await startDoor(slack);
  slack.driver.connect(`${bot.url}/slack/events`);
});
afterEach(async () => {
  await bot.app.stop();
  await slack.stop();
});

/** The whole door over HTTP; only the investigation itself is played from a record. */
async function startDoor(world: SlackWorld) {
  const clock = { now: () => Date.now() };
  const ledger = createMemoryLedger(clock);
  const arrivals = createArrivals(ledger, clock);
  const api = createSlackClient({ botToken: world.botToken, apiUrl: world.url, timeoutMs: 2_000 });
  const outbox = createMemoryOutbox(createSlackEffects({ slack: api, ledger, arrivals }));
  const redactor = createRedactor();
  const problems: string[] = [];
  const onProblem = (line: string): void => void problems.push(line);
  const view = createThreadView({ outbox, ledger, clock, redactor, onProblem, gapMs: 5 });
  const config = { models: [target], plans: [plan] };
  let runs = 0;
  const app: App = await createSlackApp({
    settings: {
      botToken: world.botToken,
      signingSecret: world.signingSecret,
      appToken: null,
      apiUrl: world.url,
    },
    routes: [],
    port: 0,
    onLog: (_level, line) => onProblem(line),
  });
  registerSlack(app, {
    config,
    parse: (text) => parseCommand(text, vocabularyOf(config)),
    investigate: async ({ target: model, reported, asker, channel }) => {
      runs += 1;
      const id = `run-${runs}`;
      const { id: incidentId } = await ledger.openIncident(model.service.id, channel);
      const run = faultRun({ id });
      const events: InvestigationEvent[] = [
        {
          type: "started",
          at: new Date().toISOString(),
          id,
          target: model,
          plan,
          reported,
          asker,
          vantage: "internet",
        },
        ...run.findings.map((finding): InvestigationEvent => ({ type: "finding", at, finding })),
        ...run.notRun.map((notRun): InvestigationEvent => ({ type: "not-run", at, notRun })),
        { type: "verdict", at, depth: "deep", diagnosis: diagnosis() },
        { type: "ended", at: new Date().toISOString(), stopped: "complete" },
      ];
      const play = async (): Promise<Investigation> => {
        for (const event of events) {
          await ledger.append(incidentId, id, event);
          const incident = await ledger.incident(incidentId);
          if (incident !== null)
            await view.onEvent(incident, (await ledger.investigation(id)) as Investigation, event);
          await new Promise((resolve) => setTimeout(resolve, 8));
        }
        return (await ledger.investigation(id)) as Investigation;
      };
      const incident = await ledger.incident(incidentId);
      if (incident === null) throw new Error("no incident");
      return { incident, investigationId: id, joined: false, done: play() };
    },
    ledger,
    outbox,
    arrivals,
    slack: api,
    tickets: null,
    clock,
    redactor,
    onProblem,
    linkWaitMs: 3_000,
  });
  const server = (await app.start(0)) as Server;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { app, url, outbox, problems, arrivals, ledger };
}

const shown = (channel = "incidents") => slack.messages(channel);
const settled = async (done: () => boolean): Promise<void> => {
  const until = Date.now() + 8_000;
  while (!done() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
  await bot.outbox.drained();
};
const replies = () =>
  shown().filter(({ threadTs, ephemeralFor }) => threadTs !== null && ephemeralFor === null);
const complete = () => settled(() => replies().length >= 4);

describe("the Slack door, over the wire", () => {
  it("answers a slash command with one root message, one mention and the detail in its thread", async () => {
    const ack = await slack.driver.slashCommand({ text: "check model 21" });
    expect(ack).toMatchObject({ status: 200 });
    expect(ack.tookMs).toBeLessThan(1_000);
    await complete();
    const roots = shown().filter(
      ({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null,
    );
    expect(roots).toHaveLength(1);
    expect(roots[0]?.text).toContain(
      "Model 21 is down for customers: auth unreachable (confirmed, 97%).",
    );
    expect(roots[0]?.edits.length).toBeGreaterThan(0);
    expect(
      replies().filter(({ text }) => text.includes(`<@${slack.users.oncall.id}>`)),
    ).toHaveLength(1);
    expect(slack.renderText(replies()[1] ?? { text: "", blocks: [] })).toContain(
      "Auth unreachable",
    );
    expect(
      shown()
        .filter(({ ephemeralFor }) => ephemeralFor !== null)
        .map(({ text }) => text),
    ).toEqual([
      expect.stringMatching(
        /^Checking model 21 \(Sales Lead Scoring v2\).* Follow it here: <http/u,
      ),
    ]);
    expect(slack.calls.filter(({ error }) => error !== null)).toEqual([]);
    expect(bot.problems).toEqual([]);
  });

  it("checks again in the same thread when the button is pressed", async () => {
    await slack.driver.slashCommand({ text: "21" });
    await complete();
    const root = shown().find(
      ({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null,
    );
    if (root === undefined) throw new Error("no root message");
    await slack.driver.blockAction({ message: root, actionId: "hokusai_check_again" });
    await settled(() => replies().length >= 8);
    expect(
      shown().filter(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null),
    ).toHaveLength(1);
    expect(replies()).toHaveLength(8);
  });

  it("answers a mention in its thread", async () => {
    await slack.driver.mention({ text: "status model 21" });
    await settled(() => replies().length >= 1);
    expect(replies().map(({ text }) => text)).toEqual([
      expect.stringContaining("No check of Lead scoring (model 21) is on record."),
    ]);
  });

  it("says how to invite it where it may not post", async () => {
    await slack.driver.slashCommand({ text: "check model 21", channel: "secret" });
    const answers = () => shown("secret").filter(({ ephemeralFor }) => ephemeralFor !== null);
    await settled(() => answers().length >= 2);
    expect(answers()[0]?.text).toContain("type /invite @hokusai");
    expect(answers()[1]?.text).toContain("Model 21 is down for customers");
  });

  it.each([
    ["a lost answer to the first message", () => slack.loseAnswer("chat.postMessage")],
    ["a lost answer to an edit", () => slack.loseAnswer("chat.update")],
    ["a rate limit", () => slack.throttle("chat.postMessage", 1, 1)],
    ["an error of Slack's", () => slack.fail("chat.postMessage", "internal_error", 2)],
    ["a cut connection", () => slack.fail("chat.postMessage", { reset: true })],
    ["refused blocks", () => slack.fail("chat.postMessage", "invalid_blocks", 2)],
  ])(
    "says everything once despite %s",
    async (_name, break_) => {
      break_();
      await slack.driver.slashCommand({ text: "check model 21" });
      await complete();
      expect(
        shown().filter(({ threadTs, ephemeralFor }) => threadTs === null && ephemeralFor === null),
      ).toHaveLength(1);
      expect(shown()[0]?.text).toContain("Model 21 is down for customers");
      expect(replies()).toHaveLength(4);
      expect(bot.outbox.dead()).toEqual([]);
    },
    20_000,
  );

  it("refuses a forged request", async () => {
    const answer = await fetch(`${bot.url}/slack/events`, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-signature": "v0=00",
        "x-slack-request-timestamp": String(Math.floor(Date.now() / 1000)),
      },
      body: "command=%2Fhokusai&text=check+model+21&user_id=U1&channel_id=C1",
    });
    expect(answer.status).toBe(401);
    expect(slack.calls.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
  });
});
