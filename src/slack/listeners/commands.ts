import type { Middleware, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { ask } from "../ask.ts";
import type { SlackDeps } from "../deps.ts";
import { answering, privateReply } from "../reply.ts";

/** `/hokusai <text>`: acknowledged before anything is thought about, answered only to who asked. */
export const hokusaiCommand =
  (deps: SlackDeps): Middleware<SlackCommandMiddlewareArgs> =>
  async ({ ack, respond, command }) => {
    await ack();
    const { user_id: user, channel_id: channel } = command;
    const question = { user, channel, reply: privateReply(respond, { user, channel }, deps) };
    await answering(question, deps, () => ask(command.text, command.command, question, deps));
  };
