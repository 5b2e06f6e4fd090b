/** What the Slack door may ask of Slack's Web API. Written beside src/clients/slack.ts, which implements it. */
export interface OutgoingMessage {
  readonly channel: string;
  /** Escaped mrkdwn. */
  readonly text: string;
  /** Block Kit, as rendered; empty for text alone. */
  readonly blocks: readonly object[];
}

/** Every method throws RetryLater (busy, out of reach, answer lost) or SlackRefused (for good). */
export interface SlackApi {
  /** `key` goes into the message's metadata, by which `find` finds it. Gives the message's ts. */
  post(
    message: OutgoingMessage & { readonly threadTs: string | null; readonly key: string },
  ): Promise<string>;
  update(message: OutgoingMessage & { readonly ts: string; readonly key: string }): Promise<void>;
  /** Shown to one person only, and only while they are there. */
  whisper(
    message: OutgoingMessage & { readonly user: string; readonly threadTs: string | null },
  ): Promise<void>;
  /** Opens a form (views.open) in answer to a click, within 3 s of it. */
  openForm(trigger: string, view: object): Promise<void>;
  permalink(channel: string, ts: string): Promise<string>;
  /** The ts of our message with this key, in the channel or a thread; null where there is none. */
  find(where: FindMessage): Promise<string | null>;
}

export interface FindMessage {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly key: string;
  /** Seconds since the epoch: nothing older is looked at. */
  readonly since: number;
}

/** Slack's own error code, e.g. "not_in_channel" or "invalid_blocks": trying the same again is pointless. */
export class SlackRefused extends Error {
  readonly code: string;

  constructor(method: string, code: string, cause?: unknown) {
    super(`Slack refused ${method}: ${code}`, { cause });
    this.name = "SlackRefused";
    this.code = code;
  }
}
