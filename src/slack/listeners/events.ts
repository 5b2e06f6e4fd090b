import type { AppMentionEvent } from "@slack/types";
import type { Middleware, SlackEventMiddlewareArgs } from "@slack/bolt";
import { contentHash } from "#core/slots.ts";
import { note } from "#reports/slack.ts";
import { ask } from "../ask.ts";
import type { Question, Reply, SlackDeps } from "../deps.ts";
import type { PostPayload } from "../effects.ts";
import { answering } from "../reply.ts";

/** How many deliveries are remembered: Slack sends an event up to four times. */
const remembered = 1_000;

/** A mention is answered in its thread, where slash commands cannot be typed. */
export const appMention = (
  deps: SlackDeps,
): Middleware<SlackEventMiddlewareArgs<"app_mention">> => {
  const seen = new Set<string>();
  return async ({ event, body, context }) => {
    if (seen.has(body.event_id) || event.user === undefined) return;
    seen.add(body.event_id);
    const oldest = seen.values().next().value;
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
    const { user, channel } = event;
    const threadTs = event.thread_ts ?? event.ts;
    const question: Question = {
      user,
      channel,
      delivery: body.event_id,
      reply: threadReply(event, deps),
      privately: (text) => deps.slack.whisper({ user, channel, threadTs, ...note(text) }),
      acknowledge: () => whenKept(context),
    };
    await answering(question, deps, () =>
      ask(withoutMention(event.text), "@hokusai", question, deps),
    );
  };
};

/** What app.ts leaves in the context; Bolt alone has acknowledged already. */
async function whenKept(context: Readonly<Record<string, unknown>>): Promise<void> {
  const { acknowledge } = context;
  if (typeof acknowledge === "function") await (acknowledge as () => Promise<void>)();
}

/** "<@U0HOKUSAI> check model 21" -> "check model 21". */
export const withoutMention = (text: string): string =>
  text.replace(/^\s*(?:<@[A-Z0-9|\w.-]+>[\s,:]*)+/u, "").trim();

/** Through the outbox, with the event's own key: an answer is posted once. */
function threadReply(event: AppMentionEvent, deps: SlackDeps): Reply {
  let answers = 0;
  return async (text, link = null) => {
    answers += 1;
    const message = note(deps.redactor.text(text), link);
    const payload: PostPayload = {
      channel: event.channel,
      threadOf: null,
      threadTs: event.thread_ts ?? event.ts,
      message,
      hash: contentHash(message),
      since: Number(event.ts),
      linked: false,
    };
    await deps.outbox.put({
      key: `mention/${event.channel}/${event.ts}/${answers}`,
      queue: `slack/mention/${event.channel}/${event.ts}`,
      kind: "slack.post",
      payload,
    });
  };
}
