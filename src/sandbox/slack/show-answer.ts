import { toList, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";
import type { ThreadView } from "./thread-view.ts";
import type { Workspace } from "./workspace.ts";

interface Shown {
  readonly view: ThreadView;
  readonly workspace: Workspace;
}

/** Records what people see after a call that went well. */
export function showAnswer(
  method: string,
  args: Json,
  answer: Json,
  { view, workspace }: Shown,
): void {
  const channel =
    toText(answer["channel"]) ||
    workspace.channel(toText(args["channel"]))?.id ||
    toText(args["channel"]);
  const ts = toText(answer["ts"]) || toText(args["timestamp"]);
  switch (method) {
    case "chat.postMessage":
      view.post(channel, toObject(answer["message"]));
      break;
    case "chat.postEphemeral":
      view.post(
        channel,
        { ...args, ts: answer["message_ts"], user: workspace.people.bot.id },
        { ephemeralFor: toText(args["user"]) },
      );
      break;
    case "chat.update": {
      const { text, blocks, attachments, metadata } = toObject(answer["message"]);
      view.update(channel, ts, {
        text: toText(text),
        blocks: toList(blocks),
        attachments: toList(attachments),
        ...(metadata === undefined ? {} : { metadata: toObject(metadata) }),
      });
      break;
    }
    case "chat.delete":
      view.remove(channel, ts);
      break;
    case "reactions.add":
    case "reactions.remove": {
      const name = toText(args["name"]);
      const users = view.find(channel, ts)?.reactions[name] ?? [];
      const bot = workspace.people.bot.id;
      view.react(
        channel,
        ts,
        name,
        method === "reactions.add" ? [...users, bot] : users.filter((user) => user !== bot),
      );
      break;
    }
    case "files.completeUploadExternal":
      showFiles(args, answer, view, workspace);
      break;
    case "views.open":
    case "views.push":
    case "views.update":
    case "views.publish":
      view.showView(toObject(answer["view"]));
      break;
  }
}

function showFiles(args: Json, answer: Json, view: ThreadView, { people }: Workspace): void {
  const files = toList(answer["files"]);
  const shares = toObject(files[0]?.["shares"]);
  for (const [channel, entries] of Object.entries({
    ...toObject(shares["public"]),
    ...toObject(shares["private"]),
  })) {
    const ts = toText(toList(entries)[0]?.["ts"]);
    const message = {
      ts,
      user: people.bot.id,
      text: args["initial_comment"],
      thread_ts: args["thread_ts"],
      blocks: args["blocks"],
      files,
    };
    view.post(channel, message);
  }
}
