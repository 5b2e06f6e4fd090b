import { createStage } from "./acting.ts";
import type { Acting, DriverContext, Target } from "./acting.ts";
import { createConversation } from "./conversation.ts";
import { showAcknowledgement } from "./delivery.ts";
import type { Acknowledged, Retry } from "./delivery.ts";
import { createInteractions } from "./interactions.ts";
import type { Json } from "./json.ts";
import type { ShownMessage } from "./thread-view.ts";
import { APP_ID, TEAM } from "./workspace.ts";

/** What people do in Slack. Resolves when the bot has acknowledged. */
export interface Driver {
  /** The bot's request URL, for everything from now on; null for Socket Mode. */
  connect(url: string | null): void;
  verifyUrl(target?: Target): Promise<Acknowledged>;
  /** `channel` is an id or a name, #incidents when left out; `text` is what follows the command. */
  slashCommand(
    args: Acting & { readonly text: string; readonly channel?: string; readonly command?: string },
  ): Promise<Acknowledged>;
  /** Posts "@hokusai text" as the person, in a thread or not, and tells the bot. */
  mention(
    args: Acting & { readonly text: string; readonly channel?: string; readonly threadTs?: string },
  ): Promise<Acknowledged>;
  /** Posts a plain message as the person; the bot is told only where it listens to messages. */
  say(
    args: Acting & { readonly text: string; readonly channel?: string; readonly threadTs?: string },
  ): Promise<ShownMessage>;
  /** Presses a button or chooses `value`. Throws when the message holds no such element. */
  blockAction(
    args: Acting & {
      readonly message: ShownMessage;
      readonly actionId: string;
      readonly value?: string;
    },
  ): Promise<Acknowledged>;
  /** `values`: block_id -> action_id -> { type, value | selected_option ... }, as Slack reports them. */
  viewSubmission(
    args: Acting & { readonly view: Json; readonly values?: Json },
  ): Promise<Acknowledged>;
  viewClosed(args: Acting & { readonly view: Json }): Promise<Acknowledged>;
  messageShortcut(
    args: Acting & { readonly message: ShownMessage; readonly callbackId: string },
  ): Promise<Acknowledged>;
  globalShortcut(args: Acting & { readonly callbackId: string }): Promise<Acknowledged>;
  openHome(args?: Acting): Promise<Acknowledged>;
  react(
    args: Acting & { readonly message: ShownMessage; readonly name: string },
  ): Promise<Acknowledged>;
  /** Adds the bot to a channel, as "/invite @hokusai" does. */
  invite(args: { readonly channel: string }): Promise<void>;
  /** The same request again, marked as Slack marks its retries. */
  redeliver(sent: Acknowledged, retry: Retry): Promise<Acknowledged>;
}

export function createDriver(context: DriverContext): Driver {
  const stage = createStage(context);
  const { workspace, responseUrls } = stage;
  return {
    connect: (url) => stage.connect(url),
    redeliver: (sent, retry) => stage.again(sent.request, retry),
    ...createConversation(stage),
    ...createInteractions(stage),
    async slashCommand(args) {
      const user = stage.userOf(args);
      const channel = stage.channelOf(args.channel);
      const command = args.command ?? "/hokusai";
      const payload = {
        token: "sandbox",
        team_id: TEAM.id,
        team_domain: TEAM.domain,
        channel_id: channel.id,
        channel_name: channel.isPrivate ? "privategroup" : channel.name,
        user_id: user,
        user_name: workspace.nameOf(user),
        command,
        text: args.text,
        api_app_id: APP_ID,
        is_enterprise_install: "false",
        response_url: responseUrls.create({ channel: channel.id, user, messageTs: null }),
        trigger_id: await stage.trigger(user),
      };
      const sent = await stage.send("slash_commands", payload, args);
      await showAcknowledgement(sent, { channel: channel.id, user, command }, responseUrls);
      return sent;
    },
  };
}
