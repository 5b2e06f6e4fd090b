import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
  type KnownBlock,
  type ModalView,
  type Logger,
  LogLevel,
} from "@slack/web-api";
import { messageOf } from "#core/errors.ts";
import { RetryLater } from "#core/incident.ts";
import { SlackRefused, type FindMessage, type SlackApi } from "#core/ports/slack.ts";

export interface SlackClientOptions {
  readonly botToken: string;
  /** Null for Slack itself. */
  readonly apiUrl: string | null;
  readonly timeoutMs?: number;
}

/** Metadata can be read by other apps: the key of the effect and nothing else. */
const eventType = "hokusai";
const pageLimit = 5;

/** The SDK's own retries post twice when an answer is lost: the outbox retries, after a look-up. */
export function createSlackClient(options: SlackClientOptions): SlackApi {
  const client = new WebClient(options.botToken, {
    ...(options.apiUrl === null ? {} : { slackApiUrl: options.apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: options.timeoutMs ?? 10_000,
    logger: silent,
  });
  const metadata = (key: string) => ({ event_type: eventType, event_payload: { key } });
  const quiet = { unfurl_links: false, unfurl_media: false };
  const toBlocks = (blocks: readonly object[]): KnownBlock[] => [...blocks] as KnownBlock[];

  return {
    async post({ channel, threadTs, text, blocks, key }) {
      const answer = await asked("chat.postMessage", () =>
        client.chat.postMessage({
          channel,
          text,
          blocks: toBlocks(blocks),
          metadata: metadata(key),
          ...quiet,
          ...(threadTs === null ? {} : { thread_ts: threadTs }),
        }),
      );
      if (answer.ts === undefined)
        throw new RetryLater("Slack answered chat.postMessage without a ts");
      return answer.ts;
    },
    async update({ channel, ts, text, blocks, key }) {
      await asked("chat.update", () =>
        client.chat.update({
          channel,
          ts,
          text,
          blocks: toBlocks(blocks),
          metadata: metadata(key),
        }),
      );
    },
    async whisper({ channel, user, text, blocks, threadTs }) {
      await asked("chat.postEphemeral", () =>
        client.chat.postEphemeral({
          channel,
          user,
          text,
          blocks: toBlocks(blocks),
          ...(threadTs === null ? {} : { thread_ts: threadTs }),
        }),
      );
    },
    async openForm(trigger, view) {
      await asked("views.open", () =>
        client.views.open({ trigger_id: trigger, view: view as ModalView }),
      );
    },
    async permalink(channel, ts) {
      const answer = await asked("chat.getPermalink", () =>
        client.chat.getPermalink({ channel, message_ts: ts }),
      );
      return answer.permalink ?? "";
    },
    find: (where) => findMessage(client, where),
  };
}

async function findMessage(client: WebClient, where: FindMessage): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < pageLimit; page += 1) {
    const shared = {
      channel: where.channel,
      oldest: where.since.toFixed(6),
      limit: 200,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { threadTs } = where;
    const answer =
      threadTs === null
        ? await asked("conversations.history", () => client.conversations.history(shared))
        : await asked("conversations.replies", () =>
            client.conversations.replies({ ...shared, ts: threadTs }),
          );
    const ours = answer.messages?.find(
      ({ metadata }) =>
        metadata?.event_type === eventType && keyOf(metadata.event_payload) === where.key,
    );
    if (ours?.ts !== undefined) return ours.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") return null;
  }
  return null;
}

const keyOf = (payload: unknown): unknown =>
  payload !== null && typeof payload === "object" && "key" in payload ? payload.key : undefined;

/** Codes after which the same call may succeed a little later. */
const passing = new Set([
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "accesslimited",
  "message_limit_exceeded",
]);

async function asked<Answer>(method: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw classified(method, error);
  }
}

function classified(method: string, error: unknown): Error {
  if (error instanceof WebAPIRateLimitedError) {
    return new RetryLater(`Slack limits ${method}`, error.retryAfter * 1000, error);
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    return passing.has(code)
      ? new RetryLater(`Slack cannot do ${method} now: ${code}`, null, error)
      : new SlackRefused(method, code, error);
  }
  if (error instanceof WebAPIHTTPError && error.statusCode < 500) {
    return new SlackRefused(method, `HTTP ${error.statusCode}`, error);
  }
  return new RetryLater(`Slack gave no answer to ${method}: ${messageOf(error)}`, null, error);
}

/** What went wrong is thrown and told by the outbox; the SDK would print it a second time. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
