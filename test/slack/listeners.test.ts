import { App, type Receiver, type ReceiverEvent } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import type { InvestigateRequest } from "#core/investigate.ts";
import type { Investigation } from "#core/investigation.ts";
import { createRedactor } from "#core/redact.ts";
import { slots } from "#core/slots.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createSlackEffects } from "#slack/effects.ts";
import { registerSlack } from "#slack/register.ts";
import type { SlackDeps } from "#slack/deps.ts";
import { withoutMention } from "#slack/listeners/events.ts";
import { faultRun, plan, target } from "../reports/example-run.ts";
import { createFakeSlack } from "./fake-slack.ts";

/** Bolt without a network: what Slack would deliver goes straight into the app. */
function createReceiver() {
  let app: App | undefined;
  const receiver: Receiver = {
    init: (started) => {
      app = started;
    },
    start: async () => undefined,
    stop: async () => undefined,
  };
  const deliver = async (body: ReceiverEvent["body"]): Promise<boolean> => {
    let acknowledged = false;
    const ack = async (): Promise<void> => {
      acknowledged = true;
    };
    await app?.processEvent({ body, ack });
    return acknowledged;
  };
  return { receiver, deliver };
}

interface Change {
  readonly post?: "arrives" | "refused";
  readonly run?: Investigation | null;
  readonly tickets?: boolean;
}

async function world(change: Change = {}) {
  const answers: string[] = [];
  const requests: InvestigateRequest[] = [];
  const problems: string[] = [];
  const clock = { now: () => Date.parse("2026-11-21T02:59:00Z") };
  const ledger = createMemoryLedger(clock);
  const arrivals = createArrivals(ledger, clock);
  const fake = createFakeSlack();
  const outbox = createMemoryOutbox(createSlackEffects({ slack: fake.api, ledger, arrivals }));
  const config = { models: [target], plans: [plan] };
  const deps: SlackDeps = {
    config,
    parse: (text) => parseCommand(text, vocabularyOf(config)),
    investigate: async (request) => {
      requests.push(request);
      const incident = await ledger.openIncident(request.target.service.id, request.channel);
      const key = slots.root(incident.id);
      if (change.post === "refused") arrivals.refused(key, "not_in_channel");
      else await ledger.recordPosted({ key, ref: "1.1", hash: "", url: "https://x.slack.com/p1" });
      return {
        incident,
        investigationId: "run-1",
        joined: requests.length > 1,
        done: Promise.resolve(faultRun()),
      };
    },
    ledger: {
      ...ledger,
      newestInvestigation: async () => change.run ?? null,
      investigation: async () => faultRun(),
    },
    outbox,
    arrivals,
    slack: fake.api,
    tickets:
      change.tickets === true
        ? {
            open: async (incident) => {
              await ledger.amendIncident(incident.id, { ticket: "HOK-7" });
              await ledger.recordPosted({
                key: slots.issue(incident.id),
                ref: "u",
                hash: "",
                url: "https://linear.app/x/issue/HOK-7",
              });
            },
          }
        : null,
    clock,
    redactor: createRedactor(),
    onProblem: (line) => problems.push(line),
    linkWaitMs: 200,
  };
  const { receiver, deliver } = createReceiver();
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: "xoxb-test", botUserId: "U0HOKUSAI", botId: "B1" }),
    clientOptions: {
      fetch: async (_url, init) => {
        const { text } = JSON.parse(typeof init?.body === "string" ? init.body : "{}") as {
          text: string;
        };
        answers.push(text);
        return new Response("ok");
      },
    },
  });
  registerSlack(app, deps);
  const command = (text: string): Promise<boolean> =>
    deliver({
      command: "/hokusai",
      text,
      user_id: "U0ONCALL",
      channel_id: "C1",
      team_id: "T1",
      response_url: "https://hooks.slack.test/commands/1",
      trigger_id: "1",
    });
  const mention = (text: string, eventId = "Ev1"): Promise<boolean> =>
    deliver({
      type: "event_callback",
      team_id: "T1",
      event_id: eventId,
      event: {
        type: "app_mention",
        user: "U0ONCALL",
        text,
        channel: "C1",
        ts: "1732157220.000100",
        event_ts: "1732157220.000100",
      },
    });
  const press = async (action: string): Promise<boolean> => {
    const incident = await ledger.openIncident("hokusai-api", "C1");
    const value = new URLSearchParams({
      incident: incident.id,
      run: "run-1",
      model: "21",
    }).toString();
    return deliver({
      type: "block_actions",
      team: { id: "T1" },
      user: { id: "U0ONCALL" },
      channel: { id: "C1" },
      response_url: "https://hooks.slack.test/actions/1",
      actions: [{ type: "button", action_id: action, block_id: "b", value }],
    });
  };
  return { answers, requests, problems, fake, outbox, command, mention, press };
}

describe("/hokusai", () => {
  it("starts a check for who asked, in that channel, and answers with the link", async () => {
    const { answers, requests, command } = await world();
    expect(
      await command("check model 21 --plan model-api-timeout --symptom 405 --ticket HOK-3"),
    ).toBe(true);
    expect(requests).toMatchObject([
      {
        target: { id: "21" },
        plan: "model-api-timeout",
        reported: { symptom: "405" },
        asker: { door: "slack", id: "U0ONCALL" },
        channel: "C1",
        ticket: "HOK-3",
      },
    ]);
    expect(answers).toContain(
      'Checking model 21 (Sales Lead Scoring v2) with the plan "model-api-timeout". Follow it here: <https://x.slack.com/p1>',
    );
    expect(answers).toContain(
      "HOK-3 is not kept current: Linear is not configured (LINEAR_API_KEY).",
    );
  });

  it("joins a check that runs already", async () => {
    const { answers, command } = await world();
    await command("21");
    await command("check model 21");
    expect(answers).toEqual([
      "Checking model 21 (Sales Lead Scoring v2) with the checks of all plans. Follow it here: <https://x.slack.com/p1>",
      "Model 21 (Sales Lead Scoring v2) is being checked already. Follow it here: <https://x.slack.com/p1>",
    ]);
  });

  it("says how to invite it, and the verdict all the same", async () => {
    const { answers, command } = await world({ post: "refused" });
    await command("check model 21");
    expect(answers[0]).toContain(
      "I am not in this channel: type /invite @hokusai, then ask again.",
    );
    expect(answers[1]).toContain(
      "Model 21 is down for customers: auth unreachable (confirmed, 97%).",
    );
  });

  it.each([
    ["help", "/hokusai check &lt;model&gt;"],
    ["", "/hokusai check &lt;model&gt;"],
    ["chekc model 21", "Try: /hokusai check model 21"],
    ["check model 22", "There is no model"],
    ["status model 21", "No check of Lead scoring (model 21) is on record."],
  ])("answers %j", async (text, expected) => {
    const { answers, requests, command } = await world();
    expect(await command(text)).toBe(true);
    expect(answers.join("\n")).toContain(expected);
    expect(requests).toEqual([]);
  });

  it("gives the last known state with its age", async () => {
    const { answers, command } = await world({ run: faultRun() });
    await command("status model 21");
    expect(answers).toEqual([
      "Lead scoring (model 21) is not working for customers. Requests are answered with a server error. Other products were not checked. (as of 02:47 UTC, 12 minutes old)",
    ]);
  });

  it("tells who pasted a key to revoke it, and passes it on to nobody", async () => {
    const { answers, requests, command } = await world();
    await command("check model 21 --url https://api.hokus.ai/?api_key=hk_live_abcdef");
    expect(answers[0]).toContain("please revoke it");
    expect(JSON.stringify([answers, requests])).not.toContain("hk_live_abcdef");
  });
});

describe("a mention", () => {
  it("is answered in its thread, once, however often Slack delivers it", async () => {
    const { fake, outbox, mention, requests } = await world();
    await mention("<@U0HOKUSAI> check model 21");
    await mention("<@U0HOKUSAI> check model 21");
    await outbox.drained();
    expect(requests).toHaveLength(1);
    expect(fake.messages.map(({ threadTs, text }) => [threadTs, text])).toEqual([
      [
        "1732157220.000100",
        "Checking model 21 (Sales Lead Scoring v2) with the checks of all plans. Follow it here: <https://x.slack.com/p1>",
      ],
    ]);
  });

  it.each([
    ["<@U0HOKUSAI> check model 21", "check model 21"],
    ["<@U0HOKUSAI|hokusai>: status 21", "status 21"],
    ["status 21", "status 21"],
  ])("%j asks %j", (text, asked) => {
    expect(withoutMention(text)).toBe(asked);
  });
});

describe("buttons", () => {
  it("check again asks the same question", async () => {
    const { answers, requests, press } = await world();
    expect(await press("hokusai_check_again")).toBe(true);
    expect(requests).toMatchObject([
      { target: { id: "21" }, plan: "model-api-timeout", ticket: null, channel: "C1" },
    ]);
    expect(answers[0]).toContain("Follow it here: <https://x.slack.com/p1>");
  });

  it("open ticket answers with its link", async () => {
    const { answers, press } = await world({ tickets: true });
    await press("hokusai_open_ticket");
    expect(answers).toEqual([
      "HOK-7 is kept current with this check: <https://linear.app/x/issue/HOK-7>",
    ]);
  });

  it("open ticket says what is missing without Linear", async () => {
    const { answers, press, problems } = await world();
    await press("hokusai_open_ticket");
    expect(answers[0]).toContain("Linear is not configured. Set LINEAR_API_KEY");
    expect(problems).toEqual([]);
  });
});
