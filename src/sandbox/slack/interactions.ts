import type { Stage, Target } from "./acting.ts";
import type { Acknowledged } from "./delivery.ts";
import type { Driver } from "./driver.ts";
import { chosen, findElement } from "./elements.ts";
import { toList } from "./json.ts";
import type { Json } from "./json.ts";
import { APP_ID, TEAM } from "./workspace.ts";

type Interactions = Pick<
  Driver,
  "blockAction" | "viewSubmission" | "viewClosed" | "messageShortcut" | "globalShortcut"
>;

/** What people press, choose and send off. */
export function createInteractions(stage: Stage): Interactions {
  const { workspace, responseUrls, userOf, asSlack, now } = stage;
  const interact = (target: Target, payload: Json): Promise<Acknowledged> =>
    stage.send("interactive", payload, target);
  const common = async (user: string): Promise<Json> => ({
    team: TEAM,
    user: {
      id: user,
      username: workspace.nameOf(user),
      name: workspace.nameOf(user),
      team_id: TEAM.id,
    },
    api_app_id: APP_ID,
    token: "sandbox",
    is_enterprise_install: false,
    enterprise: null,
    trigger_id: await stage.trigger(user),
  });

  return {
    async blockAction(args) {
      const user = userOf(args);
      const { message, actionId } = args;
      const shown = asSlack(message);
      const found = findElement(toList(shown["blocks"]), actionId);
      if (found === undefined) throw new Error(`the message has no element ${actionId}`);
      const origin = { channel: message.channel, user, messageTs: message.ts };
      return interact(args, {
        type: "block_actions",
        ...(await common(user)),
        container: {
          type: "message",
          message_ts: message.ts,
          channel_id: message.channel,
          is_ephemeral: message.ephemeralFor !== null,
          ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
        },
        channel: {
          id: message.channel,
          name: workspace.channel(message.channel)?.name ?? "directmessage",
        },
        ...(message.ephemeralFor === null ? { message: shown } : {}),
        state: { values: {} },
        response_url: responseUrls.create(origin),
        actions: [
          {
            ...found.element,
            ...chosen(found.element, args.value),
            block_id: found.blockId,
            action_ts: message.ts,
          },
        ],
      });
    },
    async viewSubmission(args) {
      const withState = { ...args.view, state: { values: args.values ?? {} } };
      return interact(args, {
        type: "view_submission",
        ...(await common(userOf(args))),
        view: withState,
        response_urls: [],
      });
    },
    async viewClosed(args) {
      return interact(args, {
        type: "view_closed",
        ...(await common(userOf(args))),
        view: args.view,
        is_cleared: false,
      });
    },
    async messageShortcut(args) {
      const { message } = args;
      const user = userOf(args);
      return interact(args, {
        type: "message_action",
        ...(await common(user)),
        callback_id: args.callbackId,
        action_ts: message.ts,
        message_ts: message.ts,
        channel: {
          id: message.channel,
          name: workspace.channel(message.channel)?.name ?? "directmessage",
        },
        message: asSlack(message),
        response_url: responseUrls.create({
          channel: message.channel,
          user,
          messageTs: message.ts,
        }),
      });
    },
    async globalShortcut(args) {
      return interact(args, {
        type: "shortcut",
        ...(await common(userOf(args))),
        callback_id: args.callbackId,
        action_ts: String(now() / 1_000),
      });
    },
  };
}
