import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = new URL("../../", import.meta.url).pathname;
const manifest = parse(readFileSync(join(root, "manifest.yml"), "utf8")) as {
  oauth_config: { scopes: { bot: string[] } };
  settings: { event_subscriptions: { bot_events: string[] } };
  features: { slash_commands: { command: string }[] };
};

/** Bot scopes that each Web API method needs (docs.slack.dev/reference/methods); some need none. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.getPermalink": [],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
  "views.open": [],
};
const eventScopes: Readonly<Record<string, string>> = { app_mention: "app_mentions:read" };

const sources = ["src/slack", "src/clients"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, folder, name), "utf8")),
);
const used = (pattern: RegExp): string[] => [
  ...new Set(
    sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1] ?? "")),
  ),
];

describe("manifest.yml", () => {
  it("asks for the scopes that the code uses, and no more", () => {
    const methods = used(
      /\bclient\.((?:chat|conversations|users|files|views|usergroups|reactions)\.\w+)\(/gu,
    );
    expect(methods.toSorted()).toEqual(Object.keys(scopesOf).toSorted());
    const events = used(/app\.event\("(\w+)"/gu);
    const needed = [
      "commands",
      ...methods.flatMap((method) => scopesOf[method] ?? [`a scope for ${method}`]),
      ...events.map((event) => eventScopes[event] ?? `a scope for ${event}`),
    ];
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...new Set(needed)].toSorted());
  });

  it("subscribes to the events and commands that are listened to", () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(used(/app\.event\("(\w+)"/gu));
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(
      used(/app\.command\("(\/\w+)"/gu),
    );
  });

  const schemas = (process.env["SLACK_MANIFEST_SCHEMA"] ?? "")
    .split(":")
    .filter((path) => path !== "");
  it.skipIf(schemas.length === 0).each(schemas.length === 0 ? [""] : schemas)(
    "is valid against %s",
    (path) => {
      const ajv = new Ajv({ strict: false, allErrors: true });
      addFormats.default(ajv);
      const validate = ajv.compile(JSON.parse(readFileSync(path, "utf8")) as object);
      validate(manifest);
      expect(validate.errors ?? []).toEqual([]);
      validate({ ...manifest, surprise: true });
      expect(validate.errors).not.toBeNull();
    },
  );
});
