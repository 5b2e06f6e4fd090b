import type { Middleware, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { ask } from "../ask.ts";
import type { SlackDeps } from "../deps.ts";
import { answering, privateQuestion } from "../reply.ts";

/** `/hokusai <text>`: acknowledged once what was asked is kept, answered only to who asked. */
export const hokusaiCommand =
  (deps: SlackDeps): Middleware<SlackCommandMiddlewareArgs> =>
  async ({ ack, respond, command }) => {
    const asked = {
      user: command.user_id,
      channel: command.channel_id,
      delivery: command.trigger_id,
    };
    const question = privateQuestion(asked, ack, respond, deps);
    await answering(question, deps, () => ask(command.text, command.command, question, deps));
  };
