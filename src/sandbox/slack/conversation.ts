import { randomUUID } from "node:crypto";
import type { Stage, Target } from "./acting.ts";
import type { Acknowledged } from "./delivery.ts";
import type { Driver } from "./driver.ts";
import { toObject } from "./json.ts";
import type { Json } from "./json.ts";
import { APP_ID, BOT_USER_ID, TEAM } from "./workspace.ts";

type Conversation = Pick<Driver, "verifyUrl" | "say" | "mention" | "openHome" | "react" | "invite">;

/** What people say and do in channels, and the events the bot is told. */
export function createConversation(stage: Stage): Conversation {
  const { emulated, workspace, view, userOf, channelOf, tokenOf, asSlack, now } = stage;
  const { people } = workspace;
  const dispatch = (target: Target, event: Json): Promise<Acknowledged> =>
    stage.send(
      "events_api",
      {
        token: "sandbox",
        team_id: TEAM.id,
        api_app_id: APP_ID,
        type: "event_callback",
        event_id: `Ev${randomUUID().replaceAll("-", "").slice(0, 12).toUpperCase()}`,
        event_time: Math.floor(now() / 1_000),
        authorizations: [
          { enterprise_id: null, team_id: TEAM.id, user_id: BOT_USER_ID, is_bot: true },
        ],
        event,
      },
      target,
    );
  const say: Driver["say"] = async (args) => {
    const { id } = channelOf(args.channel);
    const thread = args.threadTs === undefined ? {} : { thread_ts: args.threadTs };
    const answer = await emulated.call(
      "chat.postMessage",
      { channel: id, text: args.text, ...thread },
      tokenOf(userOf(args)),
    );
    return view.post(id, toObject(answer["message"]));
  };

  return {
    verifyUrl: (target = {}) =>
      stage.send(
        "events_api",
        { type: "url_verification", token: "sandbox", challenge: randomUUID() },
        target,
      ),
    say,
    async mention(args) {
      const posted = await say({ ...args, text: `<@${BOT_USER_ID}> ${args.text}` });
      return dispatch(args, {
        ...asSlack(posted),
        blocks: undefined,
        type: "app_mention",
        channel: posted.channel,
        event_ts: posted.ts,
      });
    },
    openHome: (args = {}) =>
      dispatch(args, {
        type: "app_home_opened",
        user: userOf(args),
        tab: "home",
        channel: "D0HOME",
        event_ts: String(now() / 1_000),
      }),
    async react(args) {
      const { message, name } = args;
      const user = userOf(args);
      await emulated.call(
        "reactions.add",
        { channel: message.channel, timestamp: message.ts, name },
        tokenOf(user),
      );
      const others = view.find(message.channel, message.ts)?.reactions[name] ?? [];
      view.react(message.channel, message.ts, name, [...others, user]);
      const item = { type: "message", channel: message.channel, ts: message.ts };
      return dispatch(args, {
        type: "reaction_added",
        user,
        reaction: name,
        item,
        item_user: message.user,
        event_ts: String(now() / 1_000),
      });
    },
    async invite(args) {
      const { id } = channelOf(args.channel);
      await emulated.call(
        "conversations.invite",
        { channel: id, users: BOT_USER_ID },
        people.oncall.token,
      );
      workspace.setBot(id, true);
    },
  };
}
