import { WebClient } from "@slack/web-api";
import type { WebClientOptions } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSlack } from "#sandbox/slack/server.ts";
import type { SlackOptions, SlackWorld, ThreadEvent } from "#sandbox/slack/server.ts";
import { silentLogger } from "./silent-logger.ts";

let world: SlackWorld;
let client: WebClient;
const connect = (token = world.botToken, more: WebClientOptions = {}): WebClient =>
  new WebClient(token, {
    slackApiUrl: world.url,
    retryConfig: { retries: 0 },
    logger: silentLogger,
    ...more,
  });
const restart = async (options: SlackOptions): Promise<void> => {
  await world.stop();
  world = await startSlack(options);
  client = connect();
};
/** Slack's error code of a call that is refused. */
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no error",
    (error: { data?: { error?: string }; code?: string }) => error.data?.error ?? error.code,
  );
const post = async (text = "root", more: object = {}): Promise<string> =>
  (await client.chat.postMessage({ channel: world.channels.incidents.id, text, ...more })).ts ?? "";
const incidents = (): string => world.channels.incidents.id;

beforeEach(async () => {
  world = await startSlack();
  client = connect();
});
afterEach(() => world.stop());

describe("who calls", () => {
  it("knows its bot", async () => {
    expect(await client.auth.test()).toMatchObject({
      ok: true,
      user_id: world.botUserId,
      bot_id: "B0HOKUSAI",
    });
  });
  it.each([
    ["another token", "xoxb-other", "invalid_auth"],
    ["no token", undefined, "not_authed"],
  ])("refuses %s", async (_, token, error) => {
    const other = new WebClient(token, {
      slackApiUrl: world.url,
      retryConfig: { retries: 0 },
      logger: silentLogger,
    });
    expect(await errorOf(other.auth.test())).toBe(error);
  });
  it("opens sockets for the app's token only", async () => {
    expect(await errorOf(client.apps.connections.open({}))).toBe("not_allowed_token_type");
    expect(
      await errorOf(connect(world.appToken).chat.postMessage({ channel: incidents(), text: "a" })),
    ).toBe("not_allowed_token_type");
  });
  it("knows people and user groups", async () => {
    const { user } = await client.users.info({ user: world.users.oncall.id });
    expect(user?.real_name).toBe("Ola On-call");
    expect(
      (await client.usergroups.list({ include_users: true })).usergroups?.map(
        ({ handle }) => handle,
      ),
    ).toEqual(["oncall", "customer-success"]);
    expect((await client.usergroups.users.list({ usergroup: "S0ONCALL" })).users).toEqual([
      world.users.oncall.id,
    ]);
    expect(await errorOf(client.usergroups.users.list({ usergroup: "S0NONE" }))).toBe(
      "no_such_subteam",
    );
  });
});

describe("messages", () => {
  it("shows what was posted, edited and deleted, with its history", async () => {
    const seen: ThreadEvent["type"][] = [];
    const end = world.subscribe(({ type }) => seen.push(type));
    const ts = await post("checking");
    const reply = await post("verdict", { thread_ts: ts });
    await client.chat.update({
      channel: incidents(),
      ts,
      text: "down",
      blocks: [{ type: "header", text: { type: "plain_text", text: "Down" } }],
    });
    await client.reactions.add({ channel: incidents(), timestamp: ts, name: "eyes" });
    await client.chat.delete({ channel: incidents(), ts: reply });
    end();
    await post("unseen");

    const [root] = world.messages("incidents");
    expect(root).toMatchObject({
      ts,
      text: "down",
      threadTs: null,
      reactions: { eyes: [world.botUserId] },
    });
    expect(root?.edits.map(({ text }) => text)).toEqual(["checking"]);
    expect(root && world.renderText(root)).toBe("# Down");
    expect(world.thread("incidents", ts)).toHaveLength(1);
    expect(seen).toEqual(["post", "post", "update", "reaction", "delete"]);
  });

  it("shows an ephemeral message to one person", async () => {
    await client.chat.postEphemeral({
      channel: incidents(),
      user: world.users.cs.id,
      text: "only you",
    });
    expect(world.messages("incidents")).toMatchObject([
      { text: "only you", ephemeralFor: world.users.cs.id },
    ]);
    expect((await client.conversations.history({ channel: incidents() })).messages).toEqual([]);
  });

  it.each([
    ["a public channel without the bot", () => world.channels.elsewhere.id, "not_in_channel"],
    ["a private channel without the bot", () => world.channels.secret.id, "not_in_channel"],
    ["a channel that is none", () => "C0NOWHERE", "channel_not_found"],
  ])("refuses %s", async (_, channel, error) => {
    expect(await errorOf(client.chat.postMessage({ channel: channel(), text: "a" }))).toBe(error);
    expect(await errorOf(client.chat.update({ channel: channel(), ts: "1.1", text: "a" }))).toBe(
      error,
    );
  });

  it("lets the bot in where it is invited", async () => {
    await world.driver.invite({ channel: "secret" });
    await client.chat.postMessage({ channel: world.channels.secret.id, text: "here" });
    expect(world.messages("secret").map(({ text }) => text)).toEqual(["here"]);
  });

  it("can hide private channels", async () => {
    await restart({ privateAnswer: "channel_not_found" });
    expect(
      await errorOf(client.chat.postMessage({ channel: world.channels.secret.id, text: "a" })),
    ).toBe("channel_not_found");
  });

  it.each([
    [
      "an update of nothing",
      () => client.chat.update({ channel: incidents(), ts: "1700000000.000001", text: "a" }),
      "message_not_found",
    ],
    [
      "an update too long",
      async () =>
        client.chat.update({ channel: incidents(), ts: await post(), text: "x".repeat(4_001) }),
      "msg_too_long",
    ],
    [
      "blocks too long",
      () =>
        client.chat.postMessage({
          channel: incidents(),
          text: "a",
          blocks: Array.from({ length: 5 }, () => ({
            type: "section",
            text: { type: "plain_text", text: "x".repeat(2_900) },
          })),
        }),
      "msg_blocks_too_long",
    ],
    [
      "blocks of no kind",
      () =>
        client.chat.postMessage({ channel: incidents(), text: "a", blocks: [{ type: "section" }] }),
      "invalid_blocks",
    ],
    [
      "blocks of an attachment",
      () =>
        client.chat.postMessage({
          channel: incidents(),
          text: "a",
          attachments: [{ blocks: [{ type: "header" }] }],
        }),
      "invalid_blocks",
    ],
    [
      "an ephemeral message with an alert",
      () =>
        client.chat.postEphemeral({
          channel: incidents(),
          user: world.users.cs.id,
          text: "a",
          blocks: [{ type: "alert", text: { type: "plain_text", text: "a" } }],
        }),
      "invalid_blocks",
    ],
    [
      "a thread that is none",
      () => client.conversations.replies({ channel: incidents(), ts: "1700000000.000001" }),
      "thread_not_found",
    ],
    ["an unknown method", () => client.apiCall("chat.shout"), "unknown_method"],
  ])("refuses %s", async (_, call, error) => {
    expect(await errorOf(call())).toBe(error);
    expect(world.messages("incidents").filter(({ text }) => text === "a")).toEqual([]);
  });

  it("says where blocks are wrong", async () => {
    const wrong = client.chat.postMessage({
      channel: incidents(),
      text: "a",
      blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }],
    });
    await expect(wrong).rejects.toMatchObject({
      data: {
        response_metadata: {
          messages: ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
        },
      },
    });
  });

  it("gives metadata back when it is asked for, and only then", async () => {
    const metadata = { event_type: "run", event_payload: { run: "r1" } };
    const ts = await post("root", { metadata });
    await post("reply", { thread_ts: ts });
    const asked = await client.conversations.replies({
      channel: incidents(),
      ts,
      include_all_metadata: true,
    });
    expect(asked.messages?.map((message) => message.metadata)).toEqual([metadata, undefined]);
    expect(asked.messages?.map((message) => message.thread_ts)).toEqual([ts, ts]);
    const plain = await client.conversations.replies({ channel: incidents(), ts });
    expect(plain.messages?.[0]).not.toHaveProperty("metadata");
    const { messages, has_more } = await client.conversations.replies({
      channel: incidents(),
      ts,
      limit: 1,
    });
    expect([messages?.length, has_more]).toEqual([1, true]);
  });

  it("has permalinks of its own", async () => {
    const ts = await post();
    const { permalink } = await client.chat.getPermalink({ channel: incidents(), message_ts: ts });
    expect(permalink).toBe(
      `${new URL(world.url).origin}/archives/${incidents()}/p${ts.replace(".", "")}`,
    );
  });

  it("takes files into a thread", async () => {
    const ts = await post();
    await client.files.uploadV2({
      channel_id: incidents(),
      thread_ts: ts,
      filename: "chart.png",
      file: Buffer.from("png"),
      initial_comment: "errors a minute",
    });
    const [, file] = world.thread("incidents", ts);
    expect(file).toMatchObject({
      text: "errors a minute",
      files: [{ name: "chart.png", size: 3 }],
    });
    expect(file && world.renderText(file)).toBe("errors a minute\n[file chart.png]");
  });

  it("records each call without its token", async () => {
    const ts = await post("root", { blocks: [{ type: "divider" }] });
    await errorOf(client.chat.update({ channel: "C0NOWHERE", ts, text: "a" }));
    expect(world.calls.map(({ method, status, error }) => [method, status, error])).toEqual([
      ["chat.postMessage", 200, null],
      ["chat.update", 200, "channel_not_found"],
    ]);
    expect(world.calls[0]?.args).toMatchObject({ text: "root", blocks: [{ type: "divider" }] });
    expect(JSON.stringify(world.calls)).not.toContain("xoxb");
  });
});

describe("views", () => {
  const view = {
    type: "modal" as const,
    title: { type: "plain_text" as const, text: "Update" },
    blocks: [],
  };
  it("publishes a Home tab", async () => {
    await client.views.publish({
      user_id: world.users.oncall.id,
      view: { type: "home", blocks: [{ type: "divider" }] },
    });
    expect(world.events.at(-1)).toMatchObject({ type: "view", view: { type: "home" } });
  });
  it.each([
    ["a trigger that was never given", view, "invalid_trigger_id"],
    [
      "a view that is too much",
      { ...view, blocks: Array.from({ length: 101 }, () => ({ type: "divider" })) },
      "invalid_arguments",
    ],
  ])("refuses %s", async (_, wrong, error) => {
    expect(await errorOf(client.views.open({ trigger_id: "1.2.3", view: wrong }))).toBe(error);
  });
});

describe("failures", () => {
  it("answers an error of Slack's as often as planned", async () => {
    world.fail("chat.postMessage", "internal_error", 2);
    expect(await errorOf(post())).toBe("internal_error");
    expect(await errorOf(post())).toBe("internal_error");
    expect(await errorOf(post())).toBe("no error");
    expect(world.messages("incidents")).toHaveLength(1);
  });

  it("answers 429 with Retry-After", async () => {
    world.throttle("chat.update", 7);
    const ts = await post();
    const strict = connect(world.botToken, { rejectRateLimitedCalls: true });
    await expect(strict.chat.update({ channel: incidents(), ts, text: "a" })).rejects.toMatchObject(
      { retryAfter: 7 },
    );
    expect(world.calls.at(-1)).toMatchObject({
      method: "chat.update",
      status: 429,
      error: "ratelimited",
    });
  });

  it.each([
    ["a gateway's 503", { http: 503 } as const, 503],
    ["a cut connection", { reset: true } as const, null],
  ])("answers with %s", async (_, failure, status) => {
    world.fail("*", failure);
    expect(await errorOf(post())).not.toBe("no error");
    expect(world.calls.at(-1)?.status).toBe(status);
    expect(world.messages("incidents")).toEqual([]);
  });

  it("answers late", async () => {
    world.fail("auth.test", { delayMs: 80 });
    const startedAt = performance.now();
    await client.auth.test();
    expect(performance.now() - startedAt).toBeGreaterThan(75);
  });

  it("does the work and loses the answer", async () => {
    world.loseAnswer("chat.postMessage");
    expect(await errorOf(post("once"))).not.toBe("no error");
    expect(world.messages("incidents").map(({ text }) => text)).toEqual(["once"]);
    expect(world.calls.at(-1)).toMatchObject({ status: null, error: null });
  });

  it("heals", async () => {
    world.fail("*", "fatal_error", 100);
    world.heal();
    expect(await errorOf(post())).toBe("no error");
  });

  it("keeps Slack's rates when it is told to", async () => {
    let time = 1_800_000_000_000;
    await restart({ rates: true, now: () => time });
    const strict = connect(world.botToken, { rejectRateLimitedCalls: true });
    const send = () => errorOf(strict.chat.postMessage({ channel: incidents(), text: "a" }));
    const sent = [await send(), await send(), await send(), await send()];
    expect(sent).toEqual(["no error", "no error", "no error", "slack_webapi_rate_limited_error"]);
    time += 1_000;
    expect(await send()).toBe("no error");
    const ts = world.messages("incidents")[0]?.ts ?? "";
    const edits = await Promise.all(
      Array.from({ length: 51 }, () =>
        errorOf(strict.chat.update({ channel: incidents(), ts, text: "b" })),
      ),
    );
    expect(edits.filter((edit) => edit === "no error")).toHaveLength(50);
  });
});
