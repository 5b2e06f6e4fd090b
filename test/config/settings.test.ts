import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { loadConfig } from "#config/load.ts";
import { requireBot } from "#config/require-bot.ts";
import { HokusaiError } from "#core/errors.ts";

const load = (env: Record<string, string>) => loadConfig({ env, cwd: tmpdir() });
const messageFor = async (env: Record<string, string>): Promise<string> => {
  const error: unknown = await load(env).catch((problem: unknown) => problem);
  return error instanceof HokusaiError ? error.message : "no problem";
};

describe("variables", () => {
  it("are read into settings", async () => {
    const { settings, secretValues } = await load({
      SLACK_BOT_TOKEN: "xoxb-1-abcdefgh",
      SLACK_SIGNING_SECRET: "0123456789abcdef",
      SLACK_API_URL: "http://127.0.0.1:4010/api/",
      LINEAR_API_KEY: "lin_api_abcdefgh",
      LINEAR_API_URL: "http://localhost:4011/graphql",
      LINEAR_TEAM: "hok",
      AWS_REGION: "eu-central-1",
      AWS_ENDPOINT_URL: "http://[::1]:4012",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:4013",
      DATABASE_URL: "postgres://bot:pass-word@db/hokusai",
      PORT: "0",
      LOG_LEVEL: "DEBUG",
    });
    expect(settings).toMatchObject({
      slack: { botToken: "xoxb-1-abcdefgh", appToken: null, apiUrl: "http://127.0.0.1:4010/api/" },
      linear: { apiKey: "lin_api_abcdefgh", accessToken: null, team: "HOK" },
      aws: {
        region: "eu-central-1",
        endpointUrl: "http://[::1]:4012",
        s3EndpointUrl: "http://127.0.0.1:4013",
      },
      databaseUrl: "postgres://bot:pass-word@db/hokusai",
      dataDirectory: ".hokusai",
      port: 0,
      logLevel: "debug",
    });
    for (const secret of ["xoxb-1-abcdefgh", "0123456789abcdef", "lin_api_abcdefgh", "pass-word"]) {
      expect(secretValues).toContain(secret);
    }
    expect(secretValues).not.toContain("hok");
  });

  it.each([
    ["SLACK_BOT_TOKEN", "xapp-1-abcdefgh", 'expected a bot token, which starts with "xoxb-"'],
    ["SLACK_BOT_TOKEN", '"xoxb-1-abcdefgh"', "(it is in quotes: take them away)"],
    [
      "SLACK_APP_TOKEN",
      "xoxb-1-abcdefgh",
      'expected an app-level token, which starts with "xapp-"',
    ],
    ["SLACK_SIGNING_SECRET", "xoxb-1-abcdefgh", "expected the app's signing secret"],
    [
      "SLACK_API_URL",
      "http://slack.example.com/api",
      "expected an https:// URL without user or password",
    ],
    [
      "SLACK_API_URL",
      "https://me:pw@slack.example.com",
      "expected an https:// URL without user or password",
    ],
    ["LINEAR_API_KEY", "lin_oauth_abcdefgh", 'which starts with "lin_api_"'],
    ["LINEAR_ACCESS_TOKEN", "lin_api_abcdefgh", "goes into LINEAR_API_KEY"],
    ["LINEAR_TEAM", "Team Hokusai", 'expected the key of a team, such as "HOK"'],
    ["AWS_REGION", "virginia", 'expected an AWS region such as "us-east-1"'],
    ["AWS_ENDPOINT_URL", "http://10.0.0.1:4566", "(http:// only for localhost)"],
    ["DATABASE_URL", "mysql://db/hokusai", "expected a postgres:// URL"],
    ["PORT", "65536", "expected a whole number from 0 to 65535"],
    ["LOG_LEVEL", "debgu", 'did you mean "debug"?'],
  ])("%s=%s is one clear sentence", async (name, value, expected) => {
    const message = await messageFor({ [name]: value });
    expect(message).toMatch(/^the configuration has 1 problem:\n {2}environment /u);
    expect(message).toContain(`environment ${name}: `);
    expect(message).toContain(expected);
    const mayBeShown = ["PORT", "LOG_LEVEL"].includes(name);
    expect(message.includes(value)).toBe(mayBeShown);
  });

  it("refuses two identities for Linear", async () => {
    expect(
      await messageFor({
        LINEAR_API_KEY: "lin_api_abcdefgh",
        LINEAR_ACCESS_TOKEN: "lin_oauth_abcdefgh",
      }),
    ).toContain("expected one of LINEAR_API_KEY and LINEAR_ACCESS_TOKEN, and both are set");
  });

  it("treats blank as unset, as .env files write it", async () => {
    const { settings } = await load({ SLACK_BOT_TOKEN: "", LINEAR_API_KEY: "  ", PORT: "" });
    expect(settings).toMatchObject({ slack: null, linear: null, port: 3000, given: [] });
  });
});

describe("starting the bot", () => {
  const bot = { SLACK_BOT_TOKEN: "xoxb-1-abcdefgh" };
  const missing = async (env: Record<string, string>): Promise<HokusaiError | null> => {
    const config = await load(env);
    try {
      requireBot(config);
      return null;
    } catch (error) {
      if (error instanceof HokusaiError) return error;
      throw error;
    }
  };
  /** Names at the start of a row, before the optional ones. */
  const named = (error: HokusaiError | null): string[] =>
    [...(error?.message.split("Optional")[0] ?? "").matchAll(/^ {2}([A-Z_]+):/gmu)].map(
      (match) => match[1] ?? "",
    );

  it.each([
    [{}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]],
    [bot, ["SLACK_SIGNING_SECRET"]],
    [{ SLACK_SIGNING_SECRET: "0123456789abcdef" }, ["SLACK_BOT_TOKEN"]],
    [{ SLACK_APP_TOKEN: "xapp-1-abcdefgh" }, ["SLACK_BOT_TOKEN"]],
    [{ ...bot, SLACK_APP_TOKEN: "xapp-1-abcdefgh" }, []],
    [{ ...bot, SLACK_SIGNING_SECRET: "0123456789abcdef" }, []],
  ])("with %o it misses %o", async (env, expected) => {
    expect(named(await missing(env))).toEqual(expected);
  });

  it("says where to get each, and exits 78", async () => {
    const error = await missing({});
    expect(error?.exitCode).toBe(78);
    expect(error?.message).toContain("2 settings are missing");
    expect(error?.message).toContain("OAuth & Permissions");
    expect(error?.message).toContain("App-Level Tokens");
    expect(error?.message).toContain("AWS credentials");
    expect(error?.message).toMatch(/Optional, and not set:\n {2}LINEAR_API_KEY: /u);
  });
});
