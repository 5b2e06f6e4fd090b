import type { Failures } from "../failures.ts";
import type { SlackCall } from "./calls.ts";
import type { Driver } from "./driver.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { ShownMessage, ThreadEvent } from "./thread-view.ts";
import type { Person, SeededChannel, UserGroup } from "./workspace.ts";

export interface SlackOptions {
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** The bot's /slack/events; can be given later with `driver.connect`. Left out: Socket Mode. */
  readonly requestUrl?: string;
  /** Keeps Slack's own rates and answers 429 beyond them; off by default. */
  readonly rates?: boolean;
  /** What a private channel without the bot answers: not_in_channel by default. */
  readonly privateAnswer?: "not_in_channel" | "channel_not_found";
  readonly now?: () => number;
}

export interface SlackWorld extends Failures {
  /** For SLACK_API_URL and WebClient's `slackApiUrl`: ends with "/api/". */
  readonly url: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** For Socket Mode. */
  readonly appToken: string;
  readonly botUserId: string;
  readonly channels: {
    /** With the bot. */
    readonly incidents: SeededChannel;
    readonly customerSuccess: SeededChannel;
    /** Public, without the bot. */
    readonly elsewhere: SeededChannel;
    /** Private, without the bot. */
    readonly secret: SeededChannel;
  };
  readonly users: { readonly oncall: Person; readonly cs: Person; readonly other: Person };
  readonly groups: readonly UserGroup[];
  readonly calls: readonly SlackCall[];
  /** Everything that people saw happen, in order. */
  readonly events: readonly ThreadEvent[];
  /** Called at every event from now on; gives back what ends it. */
  subscribe(listener: (event: ThreadEvent) => void): () => void;
  /** What people see in a channel (id or name) now: oldest first, threads and ephemeral ones among it. */
  messages(channel: string): readonly ShownMessage[];
  /** A root message and its replies. */
  thread(channel: string, ts: string): readonly ShownMessage[];
  /** What a person reads of a message, as plain lines. */
  renderText(message: Pick<ShownMessage, "text" | "blocks"> & Partial<ShownMessage>): string;
  readonly driver: Driver;
  readonly socketMode: Pick<SocketMode, "connections" | "refresh" | "drop">;
  /** Answers 429 with Retry-After to the next `times` calls (1) of a method, or of any ("*"). */
  throttle(method: string, retryAfterSeconds: number, times?: number): void;
  stop(): Promise<void>;
}
