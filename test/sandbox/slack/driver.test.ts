import { setTimeout as wait } from "node:timers/promises";
import { App, HTTPReceiver } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSlack } from "#sandbox/slack/server.ts";
import type { SlackWorld } from "#sandbox/slack/server.ts";
import { signedHeaders } from "#sandbox/slack/signature.ts";
import { silentLogger } from "./silent-logger.ts";
import { slackApi } from "./web-client.ts";

let world: SlackWorld;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  world = await startSlack();
  stops.push(() => world.stop());
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** A real Bolt app over HTTP, connected to the sandbox. */
async function startBolt(register: (app: App) => void): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret: world.signingSecret, logger: silentLogger });
  const app = new App({
    token: world.botToken,
    receiver,
    logger: silentLogger,
    clientOptions: { slackApiUrl: world.url, logger: silentLogger },
  });
  register(app);
  const server = await app.start({ port: 0, host: "127.0.0.1" });
  stops.push(() => app.stop());
  const { port } = (server as { address(): { port: number } }).address();
  const url = `http://127.0.0.1:${port}/slack/events`;
  world.driver.connect(url);
  return url;
}
const button = {
  type: "actions",
  elements: [
    {
      type: "button",
      action_id: "again",
      value: "21",
      text: { type: "plain_text", text: "Check again" },
    },
  ],
};
const texts = (): string[] => world.messages("incidents").map(({ text }) => text);

describe("a Bolt app over HTTP", () => {
  it("answers a slash command at once, and later through the response_url", async () => {
    await startBolt((app) => {
      app.command("/hokusai", async ({ ack, command, respond, client }) => {
        await ack(`on it: ${command.text}`);
        await client.chat.postMessage({
          channel: command.channel_id,
          text: `root for <@${command.user_id}>`,
        });
        await respond({ text: "follow it here" });
      });
    });
    const sent = await world.driver.slashCommand({
      text: "check model 21",
      user: world.users.cs.id,
    });
    expect(sent.status).toBe(200);
    expect(sent.tookMs).toBeLessThan(1_000);
    await expect
      .poll(texts)
      .toEqual(
        expect.arrayContaining([
          "on it: check model 21",
          `root for <@${world.users.cs.id}>`,
          "follow it here",
        ]),
      );
    const ack = world.messages("incidents").find(({ text }) => text.startsWith("on it"));
    expect(ack).toMatchObject({ ephemeralFor: world.users.cs.id, viaResponseUrl: true });
  });

  it("works where the bot is no member", async () => {
    await startBolt((app) => {
      app.command("/hokusai", async ({ ack, respond }) => {
        await ack();
        await respond({ response_type: "in_channel", text: "for everyone" });
        await respond("for you");
      });
    });
    await world.driver.slashCommand({ text: "help", channel: "secret" });
    await expect
      .poll(() => world.messages("secret").map(({ text, ephemeralFor }) => [text, ephemeralFor]))
      .toEqual([
        ["for everyone", null],
        ["for you", world.users.oncall.id],
      ]);
  });

  it("takes five answers on a response_url, none after half an hour, and none that is invalid", async () => {
    let time = Date.now();
    await world.stop();
    world = await startSlack({ now: () => time });
    let url = "";
    await startBolt((app) => {
      app.command("/hokusai", async ({ ack, command }) => {
        url = command.response_url;
        await ack();
      });
    });
    const respond = async (content: object): Promise<string> => {
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(content) });
      return `${answer.status} ${await answer.text()}`;
    };
    await world.driver.slashCommand({ text: "a" });
    expect(await respond({ blocks: [{ type: "header" }] })).toBe("400 invalid_blocks");
    for (let use = 2; use <= 5; use += 1)
      expect(await respond({ text: `use ${use}` })).toBe("200 ok");
    expect(await respond({ text: "one more" })).toBe("404 used_url");
    await world.driver.slashCommand({ text: "b" });
    time += 30 * 60_000 + 1;
    expect(await respond({ text: "late" })).toBe("404 expired_url");
    expect(texts()).toEqual(["use 2", "use 3", "use 4", "use 5"]);
  });

  it("hears mentions, in threads too, and says so once for each retry", async () => {
    const heard: unknown[] = [];
    await startBolt((app) => {
      app.event("app_mention", async ({ event, context, say }) => {
        heard.push([event.text, event.thread_ts, context.retryNum, context.retryReason]);
        await say({ text: "heard", thread_ts: event.thread_ts ?? event.ts });
      });
    });
    const root = await world.driver.say({ text: "it is down" });
    const sent = await world.driver.mention({ text: "why", threadTs: root.ts });
    expect(sent.status).toBe(200);
    await world.driver.redeliver(sent, { num: 1, reason: "http_timeout" });
    const text = `<@${world.botUserId}> why`;
    await expect
      .poll(() => heard)
      .toEqual([
        [text, root.ts, undefined, undefined],
        [text, root.ts, 1, "http_timeout"],
      ]);
    await expect
      .poll(() => world.thread("incidents", root.ts).map((message) => message.text))
      .toEqual(["it is down", text, "heard", "heard"]);
  });

  it("takes buttons, opens a modal within the life of its trigger, and takes the modal", async () => {
    const submitted: unknown[] = [];
    await startBolt((app) => {
      app.action("again", async ({ ack, body, action, client, respond }) => {
        await ack();
        if (!("trigger_id" in body) || action.type !== "button") return;
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: "modal",
            callback_id: "why",
            title: { type: "plain_text", text: "Why" },
            submit: { type: "plain_text", text: "Send" },
            blocks: [
              {
                type: "input",
                block_id: "b",
                label: { type: "plain_text", text: "Why" },
                element: { type: "plain_text_input", action_id: "a" },
              },
            ],
          },
        });
        await respond({ replace_original: true, text: `pressed ${action.value}` });
      });
      app.view("why", async ({ ack, view }) => {
        submitted.push(view.state.values["b"]?.["a"]?.value);
        await ack({ response_action: "errors", errors: { b: "more, please" } });
      });
    });
    await slackApi(world).chat.postMessage({
      channel: world.channels.incidents.id,
      text: "down",
      blocks: [button],
    });
    const [message] = world.messages("incidents");
    if (message === undefined) throw new Error("nothing was posted");
    expect((await world.driver.blockAction({ message, actionId: "again" })).status).toBe(200);
    await expect.poll(texts).toEqual(["pressed 21"]);
    const view = world.events.findLast(({ type }) => type === "view")?.view ?? {};
    const values = { b: { a: { type: "plain_text_input", value: "because" } } };
    const answer = await world.driver.viewSubmission({ view, values });
    expect(JSON.parse(answer.body)).toEqual({
      response_action: "errors",
      errors: { b: "more, please" },
    });
    expect(submitted).toEqual(["because"]);
    await expect(world.driver.blockAction({ message, actionId: "nothing" })).rejects.toThrow(
      "no element nothing",
    );
  });

  it("takes shortcuts, reactions and visits to the Home tab", async () => {
    const seen: string[] = [];
    await startBolt((app) => {
      app.shortcut("check", async ({ ack, shortcut }) => {
        await ack();
        seen.push(shortcut.type);
      });
      app.event("app_home_opened", async ({ event }) => void seen.push(`home of ${event.user}`));
      app.event("reaction_added", async ({ event }) => void seen.push(event.reaction));
    });
    const message = await world.driver.say({ text: "look" });
    await world.driver.messageShortcut({ message, callbackId: "check" });
    await world.driver.globalShortcut({ callbackId: "check" });
    await world.driver.openHome({ user: world.users.cs.id });
    await world.driver.react({ message, name: "eyes" });
    await expect
      .poll(() => seen)
      .toEqual(["message_action", "shortcut", `home of ${world.users.cs.id}`, "eyes"]);
    expect(world.messages("incidents")[0]?.reactions).toEqual({ eyes: [world.users.oncall.id] });
  });

  it("passes the check of the request URL", async () => {
    await startBolt(() => undefined);
    expect(await world.driver.verifyUrl()).toMatchObject({ status: 200 });
  });
});

describe("a bot that does not answer as it should", () => {
  it("is given up after 3 s, and the person is told", async () => {
    await startBolt((app) => {
      app.command("/hokusai", async () => {
        await wait(10);
      });
    });
    const sent = await world.driver.slashCommand({ text: "check" });
    expect(sent.status).toBeNull();
    expect(sent.tookMs).toBeGreaterThan(2_900);
    expect(sent.tookMs).toBeLessThan(3_500);
    expect(world.messages("incidents")).toMatchObject([
      {
        text: '/hokusai failed with the error "operation_timeout"',
        ephemeralFor: world.users.oncall.id,
      },
    ]);
  });

  it("is not there", async () => {
    const sent = await world.driver.slashCommand({
      url: "http://127.0.0.1:9/slack/events",
      text: "check",
    });
    expect(sent.status).toBeNull();
    await expect(world.driver.slashCommand({ text: "check" })).rejects.toThrow("not connected");
  });

  it("refuses what is not signed with its secret", async () => {
    const url = await startBolt(() => undefined);
    const body = "command=%2Fhokusai&text=check";
    const headers = {
      ...signedHeaders("another secret", body, Date.now()),
      "content-type": "application/x-www-form-urlencoded",
    };
    expect((await fetch(url, { method: "POST", body, headers })).status).toBe(401);
  });
});

describe("a Bolt app in Socket Mode", () => {
  const startSocket = async (register: (app: App) => void): Promise<void> => {
    const app = new App({
      token: world.botToken,
      appToken: world.appToken,
      socketMode: true,
      logger: silentLogger,
      clientOptions: { slackApiUrl: world.url, logger: silentLogger },
    });
    register(app);
    await app.start();
    stops.push(() => app.stop());
    await expect.poll(() => world.socketMode.connections).toBe(1);
  };

  it("answers commands, mentions and buttons", async () => {
    const heard: string[] = [];
    await startSocket((app) => {
      app.command("/hokusai", async ({ ack, command }) =>
        ack({ text: `on it: ${command.text} ${"x".repeat(70_000)}`.slice(0, 70_010) }),
      );
      app.event("app_mention", async ({ event }) => void heard.push(event.text));
    });
    const sent = await world.driver.slashCommand({ text: "check model 21" });
    expect(sent.status).toBe(200);
    expect(world.messages("incidents")[0]?.text).toMatch(/^on it: check model 21 x+$/);
    await world.driver.mention({ text: "help" });
    await expect.poll(() => heard).toEqual([`<@${world.botUserId}> help`]);
  });

  it("connects again when Slack asks for it", async () => {
    await startSocket((app) => app.command("/hokusai", async ({ ack }) => ack("here")));
    const opened = () =>
      world.calls.filter(({ method }) => method === "apps.connections.open").length;
    expect(opened()).toBe(1);
    world.socketMode.refresh();
    await expect
      .poll(() => [opened(), world.socketMode.connections], { timeout: 10_000 })
      .toEqual([2, 1]);
    expect((await world.driver.slashCommand({ text: "still there" })).status).toBe(200);
  });
});
