import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArrivals } from "#core/arrivals.ts";
import { vocabularyOf } from "#commands/command.ts";
import { parseCommand } from "#commands/parse.ts";
import type { InvestigateRequest } from "#core/investigate.ts";
import { createRedactor } from "#core/redact.ts";
import { slots } from "#core/slots.ts";
import { createMemoryLedger } from "#ledger/memory-ledger.ts";
import { createMemoryOutbox } from "#ledger/memory-outbox.ts";
import { createSlackApp } from "#slack/app.ts";
import type { SlackDeps } from "#slack/deps.ts";
import { hokusaiCommand } from "#slack/listeners/commands.ts";
import { appMention } from "#slack/listeners/events.ts";
import { startSlack, type SlackWorld } from "../../src/sandbox/slack/server.ts";
import { faultRun, plan, target } from "../reports/example-run.ts";
import { createFakeSlack } from "./fake-slack.ts";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What happened, in order: "kept" is when the question is recorded. */
function createDoor(record: () => Promise<void> = () => pause(30)) {
  const order: string[] = [];
  const requests: InvestigateRequest[] = [];
  const clock = { now: () => Date.now() };
  const ledger = createMemoryLedger(clock);
  const arrivals = createArrivals(ledger, clock);
  const config = { models: [target], plans: [plan] };
  const deps: SlackDeps = {
    config,
    parse: (text) => parseCommand(text, vocabularyOf(config)),
    investigate: async (request) => {
      requests.push(request);
      await record();
      order.push("kept");
      const incident = await ledger.openIncident(request.target.service.id, request.channel);
      await ledger.recordPosted({ key: slots.root(incident.id), ref: "1.1", hash: "", url: null });
      return {
        incident,
        investigationId: "run-1",
        joined: false,
        done: Promise.resolve(faultRun()),
      };
    },
    ledger,
    outbox: createMemoryOutbox(new Map([["slack.post", async () => void order.push("answered")]])),
    arrivals,
    slack: createFakeSlack().api,
    tickets: null,
    clock,
    redactor: createRedactor(),
    onProblem: (problem) => order.push(problem),
    linkWaitMs: 200,
  };
  return { order, requests, deps };
}

describe("a slash command", () => {
  const type = async (
    text: string,
    record?: () => Promise<void>,
    acknowledged: () => Promise<void> = () => Promise.resolve(),
  ) => {
    const { order, requests, deps } = createDoor(record);
    await hokusaiCommand(deps)({
      ack: async () => {
        order.push("acknowledged");
        await acknowledged();
      },
      respond: async ({ text: answer }: { text: string }) =>
        void order.push(answer.includes("revoke") ? "warned" : "answered"),
      command: { command: "/hokusai", text, user_id: "U1", channel_id: "C1", trigger_id: "T1" },
    } as unknown as Parameters<ReturnType<typeof hokusaiCommand>>[0]);
    return { order, requests };
  };

  it("is acknowledged once it is kept, with its own id, and only then answered", async () => {
    const { order, requests } = await type("check model 21");
    expect(order).toEqual(["kept", "acknowledged", "answered"]);
    expect(requests[0]?.delivery).toBe("T1");
  });

  it.each(["help", "status", "chekc model 21"])(
    "that starts nothing is answered: %s",
    async (text) => {
      const { order } = await type(text);
      expect(order).toEqual(["acknowledged", "answered"]);
    },
  );

  it("that cannot be kept is told so, and acknowledged once", async () => {
    const { order } = await type("check model 21", () => Promise.reject(new Error("no database")));
    expect(order).toEqual(["no database", "acknowledged", "answered"]);
  });

  it("that Slack stopped waiting for goes on, and says so", async () => {
    const { order } = await type("check model 21", undefined, () =>
      Promise.reject(new Error("headers are sent")),
    );
    expect(order).toEqual([
      "kept",
      "acknowledged",
      "acknowledged too late: headers are sent",
      "answered",
    ]);
  });

  it("with a secret in it is kept first, then the person is warned", async () => {
    const pasted = `curl -H "Authorization: Bearer hk_live_0123456789" https://api.test/predict`;
    const { order, requests } = await type(`check model 21 --curl '${pasted}'`);
    expect(order.slice(0, 3)).toEqual(["kept", "acknowledged", "warned"]);
    expect(JSON.stringify(requests)).not.toContain("hk_live");
  });
});

describe("an event", () => {
  let slack: SlackWorld;
  beforeAll(async () => {
    slack = await startSlack();
  });
  afterAll(() => slack.stop());

  const mention = async (record?: () => Promise<void>) => {
    const { order, requests, deps } = createDoor(record);
    const { botToken, signingSecret, url } = slack;
    const app = await createSlackApp({
      settings: { botToken, signingSecret, appToken: null, apiUrl: url },
      routes: [],
      port: 0,
      onLog: (_level, line) => order.push(line),
    });
    app.event("app_mention", appMention(deps));
    await app.processEvent({
      ack: async () => void order.push("acknowledged"),
      body: {
        type: "event_callback",
        team_id: "T1",
        event_id: "Ev1",
        event: {
          type: "app_mention",
          user: "U1",
          text: "<@U0HOKUSAI> check model 21",
          channel: "C1",
          ts: "1732157220.000100",
          event_ts: "1732157220.000100",
        },
      },
    });
    return { order, requests };
  };

  it("is acknowledged once it is kept: Bolt would have done it before", async () => {
    const { order, requests } = await mention();
    expect(order).toEqual(["kept", "acknowledged", "answered"]);
    expect(requests[0]?.delivery).toBe("Ev1");
  });

  it("is acknowledged once, also when it cannot be kept", async () => {
    const { order } = await mention(() => Promise.reject(new Error("no database")));
    expect(order.filter((word) => word === "acknowledged")).toHaveLength(1);
    expect(order).toContain("answered");
  });
});
