import type { SlackWorld } from "../src/sandbox/slack/server.ts";

/** One thing that somebody asked, and whether the bot took it. */
export interface Asked {
  readonly text: string;
  /** Slack's id of the delivery, which the ledger keeps. */
  readonly delivery: string;
  readonly acknowledged: boolean;
  readonly tookMs: number;
}

const models = ["20", "21", "22"];
const complaints = ["", " --symptom timeout", " --symptom 405", " --symptom 401", " --symptom 5xx"];
const channels = ["incidents", "customer-success"];
/** As often as Slack does it. */
const redeliveries = 3;

export interface Crowd {
  readonly asked: Asked[];
  /** One random person asks one random thing. */
  ask(): Promise<void>;
  /** Sends once more what Slack would send once more: events that nobody acknowledged. */
  redeliver(): Promise<void>;
}

export function createCrowd(slack: SlackWorld, random: () => number): Crowd {
  const asked: Asked[] = [];
  const unanswered: {
    sent: Awaited<ReturnType<SlackWorld["driver"]["mention"]>>;
    text: string;
    tries: number;
  }[] = [];
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  type Sent = (typeof unanswered)[number]["sent"];
  const note = (text: string, delivery: unknown, { status, tookMs }: Sent): boolean => {
    const acknowledged = status === 200;
    asked.push({ text, delivery: String(delivery), acknowledged, tookMs });
    return acknowledged;
  };

  return {
    asked,
    async ask() {
      const text = `check model ${pick(models)}${pick(complaints)}`;
      const channel = pick(channels);
      if (random() < 0.7) {
        const sent = await slack.driver.slashCommand({ text, channel });
        // Nobody sends a command again but the person who typed it.
        note(text, sent.request.payload["trigger_id"], sent);
        return;
      }
      const sent = await slack.driver.mention({ text, channel });
      if (!note(text, sent.request.payload["event_id"], sent))
        unanswered.push({ sent, text, tries: 0 });
    },
    async redeliver() {
      for (const one of unanswered.splice(0)) {
        if (one.tries >= redeliveries) continue;
        const sent = await slack.driver.redeliver(
          { ...one.sent, request: { ...one.sent.request } },
          { num: one.tries + 1, reason: "connection_failed" },
        );
        const acknowledged = note(one.text, one.sent.request.payload["event_id"], sent);
        if (!acknowledged) unanswered.push({ ...one, tries: one.tries + 1 });
      }
    },
  };
}
