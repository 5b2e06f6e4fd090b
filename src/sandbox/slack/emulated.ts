import { createEmulator } from "emulate";
import { Agent, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { toList, toObject, toText, parseJson } from "./json.ts";
import type { Json } from "./json.ts";
import { APP_ID, BOT_ID, BOT_USER_ID, TEAM } from "./workspace.ts";
import type { People, Person, SeededChannel } from "./workspace.ts";

/** The part of Slack that the `emulate` package serves, behind our gateway and on a port of its own. */
export interface EmulatedSlack {
  /** Sends a request on as it came in. */
  forward(
    path: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ): Promise<Forwarded>;
  /** Calls one Web API method with a token of the workspace. */
  call(method: string, args: Json, token: string): Promise<Json>;
  readonly people: People;
  readonly channels: readonly SeededChannel[];
  stop(): Promise<void>;
}

export interface Forwarded {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const EVERY_SCOPE =
  "chat:write,channels:read,channels:history,channels:join,channels:manage,channels:write,groups:read,groups:history," +
  "groups:write,im:read,im:history,im:write,mpim:read,mpim:history,users:read,users:read.email,files:read,files:write," +
  "reactions:read,reactions:write,team:read";

/** `origin` is where the gateway listens: upload URLs and permalinks point there. */
export async function startEmulated(origin: string, botToken: string): Promise<EmulatedSlack> {
  const personTokens = {
    oncall: "xoxp-sandbox-oncall",
    cs: "xoxp-sandbox-cs",
    other: "xoxp-sandbox-other",
  };
  const emulator = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      slack: {
        team: { name: "Hokusai Sandbox", domain: TEAM.domain },
        users: [
          { name: "ola", real_name: "Ola On-call", email: "ola@hokus.example" },
          { name: "cleo", real_name: "Cleo Customer-Success", email: "cleo@hokus.example" },
          { name: "kim", real_name: "Kim Colleague", email: "kim@hokus.example" },
        ],
        channels: [
          { name: "incidents", topic: "One thread for each incident" },
          { name: "customer-success" },
          { name: "elsewhere" },
          { name: "secret", is_private: true },
        ],
        oauth_apps: [
          {
            app_id: APP_ID,
            client_id: "1.2",
            client_secret: "sandbox",
            name: "Hokusai",
            redirect_uris: [],
            bot_id: BOT_ID,
            bot_user_id: BOT_USER_ID,
            bot_name: "hokusai",
          },
        ],
        tokens: [
          {
            token: botToken,
            type: "bot",
            user: BOT_USER_ID,
            app_id: APP_ID,
            bot_id: BOT_ID,
            scopes: EVERY_SCOPE.split(","),
          },
          { token: personTokens.oncall, user: "ola", scopes: EVERY_SCOPE.split(",") },
          { token: personTokens.cs, user: "cleo", scopes: EVERY_SCOPE.split(",") },
          { token: personTokens.other, user: "kim", scopes: EVERY_SCOPE.split(",") },
        ],
      },
    },
  });
  const port = new URL(emulator.url).port;
  const agent = new Agent({ keepAlive: true });

  const forward: EmulatedSlack["forward"] = (path, method, headers, body) =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        { host: "127.0.0.1", port, path, method, headers, agent },
        (answer) => {
          collect(answer, emulator.url, origin).then(resolve, reject);
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  const call: EmulatedSlack["call"] = async (method, args, token) => {
    const body = Buffer.from(JSON.stringify(args));
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": String(body.length),
    };
    return toObject(
      parseJson((await forward(`/api/${method}`, "POST", headers, body)).body.toString("utf8")),
    );
  };

  const [users, listed] = await Promise.all([
    call("users.list", {}, personTokens.oncall),
    call("conversations.list", { types: "public_channel,private_channel" }, personTokens.oncall),
  ]);
  const channels = toList(listed["channels"]).map((channel): SeededChannel => {
    const name = toText(channel["name"]);
    const hasBot = name === "incidents" || name === "customer-success";
    return { id: toText(channel["id"]), name, isPrivate: channel["is_private"] === true, hasBot };
  });
  const joined = channels.filter(({ hasBot }) => hasBot);
  await Promise.all(joined.map(({ id }) => call("conversations.join", { channel: id }, botToken)));

  const person = (name: string, token: string): Person => {
    const user = toList(users["members"]).find((member) => member["name"] === name);
    return { id: toText(user?.["id"]), name, realName: toText(user?.["real_name"]), token };
  };
  return {
    forward,
    call,
    people: {
      oncall: person("ola", personTokens.oncall),
      cs: person("cleo", personTokens.cs),
      other: person("kim", personTokens.other),
      bot: { id: BOT_USER_ID, name: "hokusai", realName: "Hokusai", token: botToken },
    },
    channels,
    async stop() {
      agent.destroy();
      await emulator.close();
    },
  };
}

/** URLs in its answers (uploads, permalinks) name its own port: the gateway's takes their place. */
async function collect(answer: IncomingMessage, own: string, origin: string): Promise<Forwarded> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const contentType = answer.headers["content-type"] ?? "application/json";
  return {
    status: answer.statusCode ?? 500,
    contentType,
    body: contentType.includes("json")
      ? Buffer.from(body.toString("utf8").replaceAll(own, origin))
      : body,
  };
}
