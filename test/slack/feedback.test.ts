import type { App } from "@slack/bolt";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import type { Diagnosis } from "#core/diagnosis.ts";
import type { Investigation, InvestigationEvent } from "#core/investigation.ts";
import { createRedactor } from "#core/redact.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createSlackApp } from "#slack/app.ts";
import { createSlackEffects } from "#slack/effects.ts";
import { registerSlack } from "#slack/register.ts";
import { createThreadView } from "#slack/thread-view.ts";
import { createSlackClient } from "../../src/clients/slack.ts";
import { startSlack, type SlackWorld } from "../../src/sandbox/slack/server.ts";
import { diagnosis, plan, target } from "../reports/example-run.ts";

const at = "2026-11-21T02:47:01.000Z";
const id = "run-1";
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

/** The door over HTTP, with a ledger into which a run is played. */
async function startDoor(world: SlackWorld) {
  const clock = { now: () => Date.parse("2026-11-21T03:12:00Z") };
  const ledger = createMemoryLedger(clock);
  const arrivals = createArrivals(ledger, clock);
  const api = createSlackClient({ botToken: world.botToken, apiUrl: world.url, timeoutMs: 2_000 });
  const outbox = createMemoryOutbox(createSlackEffects({ slack: api, ledger, arrivals }));
  const redactor = createRedactor();
  const problems: string[] = [];
  const onProblem = (line: string): void => void problems.push(line);
  const shared = { outbox, ledger, clock, redactor, onProblem };
  const view = createThreadView({ ...shared, gapMs: 5 });
  const { botToken, signingSecret } = world;
  const app: App = await createSlackApp({
    settings: { botToken, signingSecret, appToken: null, apiUrl: world.url },
    routes: [],
    port: 0,
    onLog: (_level, line) => onProblem(line),
  });
  registerSlack(app, {
    ...shared,
    config: { models: [target], plans: [plan] },
    parse: () => ({ verb: "help" }),
    investigate: () => Promise.reject(new Error("nobody asked")),
    arrivals,
    slack: api,
    tickets: null,
  });
  const server = (await app.start(0)) as Server;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const channel = world.channels.incidents.id;
  const play = async (change: Partial<Diagnosis> = {}): Promise<void> => {
    const { id: incident } = await ledger.openIncident("hokusai-api", channel);
    const asker = { door: "slack", id: "U0ONCALL" } as const;
    const events: InvestigationEvent[] = [
      { type: "started", at, id, target, plan, reported: null, asker, vantage: "internet" },
      { type: "verdict", at, depth: "deep", diagnosis: diagnosis(change) },
      { type: "ended", at, stopped: "complete" },
    ];
    for (const event of events) {
      await ledger.append(incident, id, event);
      const now = await ledger.incident(incident);
      const run = (await ledger.investigation(id)) as Investigation;
      if (now !== null) await view.onEvent(now, run, event);
    }
    await outbox.drained();
  };
  return { app, url, outbox, problems, ledger, play };
}

const verdict = () => {
  const found = slack
    .messages("incidents")
    .find(({ text, threadTs }) => threadTs !== null && text.startsWith("<@U0ONCALL>"));
  if (found === undefined) throw new Error("the verdict was not posted");
  return found;
};
const shown = (): string => slack.renderText(verdict());
const causes = async () =>
  (await bot.ledger.feedback(id)).map(({ by, causes: named }) => [by, named]);
const whispers = () =>
  slack.messages("incidents").flatMap(({ ephemeralFor, text }) => (ephemeralFor ? [text] : []));

const press = async (user = slack.users.oncall.id) => {
  const actionId = "hokusai_feedback_right";
  const ack = await slack.driver.blockAction({ message: verdict(), actionId, user });
  await bot.outbox.drained();
  return ack;
};
const choose = async (value: string, user = slack.users.oncall.id) => {
  const actionId = "hokusai_feedback_wrong";
  const ack = await slack.driver.blockAction({ message: verdict(), actionId, value, user });
  await bot.outbox.drained();
  return ack;
};
const open = () =>
  slack.driver.blockAction({ message: verdict(), actionId: "hokusai_feedback_form" });
const form = () => vi.waitUntil(() => slack.events.findLast(({ type }) => type === "view")?.view);
const submit = async (chosen: readonly string[], note: string | null = null) => {
  const selected_options = chosen.map((value) => ({ value }));
  const values = {
    causes: { causes: { type: "multi_static_select", selected_options } },
    note: { note: { type: "plain_text_input", value: note } },
  };
  const ack = await slack.driver.viewSubmission({ view: await form(), values });
  await bot.outbox.drained();
  return ack;
};

describe("feedback on a verdict", () => {
  it("right: one click, shown under the verdict, and the controls stay", async () => {
    await bot.play();
    const before = shown();
    expect(before).toContain("[Right] [Wrong, it was ...] [Several causes, or a note]");
    expect(await press()).toMatchObject({ status: 200 });
    expect(await causes()).toEqual([[slack.users.oncall.id, ["auth-unreachable"]]]);
    expect(shown()).toBe(
      before.replace("[Right]", "Confirmed by @ola: right (2026-11-21 03:12 UTC)\n[Right]"),
    );
    expect(whispers()).toEqual([]);
    expect(bot.problems).toEqual([]);
  });

  it.each([
    ["redis-down", ["redis-down"], "@ola: it was Redis down ("],
    ["nothing", [], "@ola: nothing was wrong ("],
    ["other", ["other"], "@ola: it was something else ("],
  ])("wrong: %s, with one choice", async (value, named, line) => {
    await bot.play();
    await choose(value);
    expect(await causes()).toEqual([[slack.users.oncall.id, named]]);
    expect(shown()).toContain(line);
  });

  it("two clicks of one person are one word; a correction replaces it; the last of two people counts", async () => {
    const [ola, kim] = [slack.users.oncall.id, slack.users.other.id];
    await bot.play();
    await press();
    await press();
    await choose("redis-down");
    expect(await causes()).toEqual([
      [ola, ["auth-unreachable"]],
      [ola, ["redis-down"]],
    ]);
    expect(shown()).not.toContain("right (");
    await press(kim);
    expect(shown()).toContain(
      "Confirmed by @kim: right (2026-11-21 03:12 UTC) · before that @ola: it was Redis down",
    );
    await choose("redis-down");
    expect(shown()).toContain(
      "@ola: it was Redis down (2026-11-21 03:12 UTC) · before that @kim: right",
    );
    expect(await causes()).toHaveLength(4);
  });

  it("gives the menu a new id with each word, or the same choice could not be made again", async () => {
    await bot.play();
    const idOf = (): unknown =>
      verdict().blocks.find(({ type }) => type === "actions")?.["block_id"];
    const first = idOf();
    await press();
    expect(idOf()).not.toBe(first);
  });

  it("several causes and a note: a form, in which a secret does not survive", async () => {
    await bot.play();
    await open();
    expect(await causes()).toEqual([]);
    const ack = await submit(["redis-down", "auth-unreachable"], "with hk_live_abcdef it worked");
    expect(ack).toMatchObject({ status: 200, body: "" });
    expect(await causes()).toEqual([[slack.users.oncall.id, ["auth-unreachable", "redis-down"]]]);
    expect(shown()).toContain(
      '@ola: it was auth unreachable and Redis down, "with [api key removed] it worked" (',
    );
    await expect.poll(whispers).toEqual([expect.stringContaining("please revoke it")]);
    const outlets = [slack.calls, slack.events, await bot.ledger.feedback(id), bot.problems];
    expect(JSON.stringify(outlets)).not.toContain("hk_live_abcdef");
  });

  it.each([
    [["nothing", "redis-down"], "stands alone"],
    [["gremlins"], "There is no hypothesis"],
    [[], "Say what it was"],
  ])("a form with %j stays open and says why", async (chosen, sentence) => {
    await bot.play();
    await open();
    const { body } = await submit(chosen);
    const { response_action: action, errors } = JSON.parse(body) as {
      response_action: string;
      errors: Record<string, string>;
    };
    expect(action).toBe("errors");
    expect(errors["causes"]).toContain(sentence);
    expect(await causes()).toEqual([]);
  });

  it("a form that Slack opened too late is said", async () => {
    await bot.play();
    slack.fail("views.open", "expired_trigger_id");
    await open();
    await expect
      .poll(whispers)
      .toEqual(["The form did not open in time. Please press it once more."]);
  });

  it.each([
    ["inconclusive", ["auth-unreachable"], "[It was ...]", false],
    ["fault", ["auth-unreachable", "redis-down"], "[Wrong, it was ...]", true],
    ["healthy", [], "[Wrong, it was ...]", true],
  ] as const)("of a verdict that is %s", async (word, leading, menu, right) => {
    await bot.play({ verdict: word, leading, inconclusiveBecause: null });
    expect(shown()).toContain(menu);
    expect(shown().includes("[Right]")).toBe(right);
    const offered = JSON.stringify(verdict().blocks);
    expect(offered.includes('"value":"nothing"')).toBe(leading.length > 0);
    expect(offered).toContain('"value":"auth-unreachable"');
    if (!right) return;
    await press();
    expect(await causes()).toEqual([[slack.users.oncall.id, leading]]);
  });

  it("says so where the run is not on record any more", async () => {
    await bot.play();
    bot.ledger.investigation = () => Promise.resolve(null);
    await press();
    await expect
      .poll(whispers)
      .toEqual([expect.stringContaining("I have no record of this check")]);
    expect(await causes()).toEqual([]);
  });
});
