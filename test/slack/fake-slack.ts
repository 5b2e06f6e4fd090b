import {
  SlackRefused,
  type FindMessage,
  type OutgoingMessage,
  type SlackApi,
} from "#core/ports/slack.ts";

export interface FakeMessage extends OutgoingMessage {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly key: string;
  readonly edits: number;
}

/** Slack as its port promises it, in memory, with refusals and lost answers on demand. */
export function createFakeSlack() {
  const messages: FakeMessage[] = [];
  const whispers: (OutgoingMessage & { readonly user: string })[] = [];
  const before: ((method: string, message: OutgoingMessage) => void)[] = [];
  const after: ((method: string) => void)[] = [];
  const forms: { readonly trigger: string; readonly view: object }[] = [];
  const finds: FindMessage[] = [];

  const api: SlackApi = {
    async post(message) {
      for (const act of before) act("post", message);
      const ts = `1732157220.${String(messages.length + 1).padStart(6, "0")}`;
      messages.push({ ...message, ts, edits: 0 });
      for (const act of after) act("post");
      return ts;
    },
    async update(message) {
      for (const act of before) act("update", message);
      const at = messages.findIndex(({ ts }) => ts === message.ts);
      const known = messages[at];
      if (known === undefined) throw new SlackRefused("chat.update", "message_not_found");
      messages[at] = {
        ...known,
        text: message.text,
        blocks: message.blocks,
        edits: known.edits + 1,
      };
      for (const act of after) act("update");
    },
    async whisper(message) {
      whispers.push(message);
    },
    async openForm(trigger, view) {
      forms.push({ trigger, view });
    },
    permalink: async (channel, ts) =>
      `https://x.slack.com/archives/${channel}/p${ts.replace(".", "")}`,
    async find(where) {
      finds.push(where);
      return messages.find(({ key }) => key === where.key)?.ts ?? null;
    },
  };
  return { api, messages, whispers, forms, finds, before, after };
}
