import { WebClient } from "@slack/web-api";
import type { SlackWorld } from "#sandbox/slack/server.ts";
import { silentLogger } from "./silent-logger.ts";

/** The bot's own client, without retries. */
export const slackApi = (world: SlackWorld): WebClient =>
  new WebClient(world.botToken, {
    slackApiUrl: world.url,
    retryConfig: { retries: 0 },
    logger: silentLogger,
  });
