import type { Arrivals } from "#core/arrivals.ts";
import {
  RetryLater,
  type Effect,
  type EffectHandler,
  type Ledger,
  type Posted,
} from "#core/incident.ts";
import { SlackRefused, type SlackApi } from "#core/ports/slack.ts";
import { degradations, violations, type SlackMessage } from "#reports/slack.ts";

export interface PostPayload {
  readonly channel: string;
  /** Key of the message whose thread this belongs to; null for a message of its own. */
  readonly threadOf: string | null;
  /** A thread that people began, where `threadOf` is null. */
  readonly threadTs: string | null;
  readonly message: SlackMessage;
  readonly hash: string;
  /** Seconds since the epoch: a copy from an attempt in doubt cannot be older. */
  readonly since: number;
  /** Whether its permalink is wanted. */
  readonly linked: boolean;
}

export interface UpdatePayload {
  readonly channel: string;
  /** Key of the message to edit. */
  readonly target: string;
  readonly message: SlackMessage;
  readonly hash: string;
}

export interface SlackEffectParts {
  readonly slack: SlackApi;
  readonly ledger: Pick<Ledger, "posted" | "recordPosted">;
  readonly arrivals: Arrivals;
}

/** Sends "slack.post" and "slack.update"; the outbox gives them one at a time for each thread. */
export const createSlackEffects = (parts: SlackEffectParts): ReadonlyMap<string, EffectHandler> =>
  new Map([
    ["slack.post", (effect) => post(effect, effect.payload as PostPayload, parts)],
    ["slack.update", (effect) => update(effect.payload as UpdatePayload, parts)],
  ]);

async function post(effect: Effect, payload: PostPayload, parts: SlackEffectParts): Promise<void> {
  const { ledger, arrivals } = parts;
  const known = await ledger.posted(effect.key);
  let row: Posted = known ?? { key: effect.key, ref: "", hash: "", url: null };
  if (row.ref === "") {
    const ts = await postOnce(row.key, payload, known !== null, parts).catch((error: unknown) => {
      if (error instanceof SlackRefused) arrivals.refused(effect.key, error.code);
      throw error;
    });
    row = { ...row, ref: ts, hash: payload.hash };
    await ledger.recordPosted(row);
  }
  if (payload.linked && row.url === null) {
    row = { ...row, url: await permalink(payload.channel, row.ref, parts.slack) };
    await ledger.recordPosted(row);
  }
  arrivals.arrived(row);
}

/** An earlier attempt whose answer was lost may have arrived: it is looked for before posting again. */
async function postOnce(
  key: string,
  payload: PostPayload,
  inDoubt: boolean,
  { slack, ledger }: SlackEffectParts,
): Promise<string> {
  const { channel, since } = payload;
  const threadTs =
    payload.threadOf === null ? payload.threadTs : await threadOf(payload.threadOf, ledger);
  if (inDoubt) {
    const found = await lookUp(slack, { channel, threadTs, key, since });
    if (found !== null) return found;
  } else {
    await ledger.recordPosted({ key, ref: "", hash: "", url: null });
  }
  const send = (thread: string | null) =>
    degrading(payload.message, ({ text, blocks }) =>
      slack.post({ channel, threadTs: thread, text, blocks, key }),
    );
  try {
    return await send(threadTs);
  } catch (error) {
    // Somebody deleted the root message: the verdict goes to the channel rather than nowhere.
    if (threadTs !== null && error instanceof SlackRefused && lostThread.has(error.code))
      return send(null);
    throw error;
  }
}

const lostThread = new Set(["thread_not_found", "message_not_found", "cant_reply_to_message"]);

async function threadOf(key: string, ledger: SlackEffectParts["ledger"]): Promise<string> {
  const root = await ledger.posted(key);
  if (root === null || root.ref === "")
    throw new Error(`the message it replies to never arrived: ${key}`);
  return root.ref;
}

/** Where history may not be read (scope, channel), posting twice is the smaller harm. */
async function lookUp(
  slack: SlackApi,
  where: Parameters<SlackApi["find"]>[0],
): Promise<string | null> {
  try {
    return await slack.find(where);
  } catch (error) {
    if (error instanceof SlackRefused) return null;
    throw error;
  }
}

async function permalink(channel: string, ts: string, slack: SlackApi): Promise<string | null> {
  try {
    return await slack.permalink(channel, ts);
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    return null;
  }
}

async function update(payload: UpdatePayload, { slack, ledger }: SlackEffectParts): Promise<void> {
  const row = await ledger.posted(payload.target);
  if (row === null || row.ref === "")
    throw new Error(`the message to edit never arrived: ${payload.target}`);
  if (row.hash === payload.hash) return;
  await degrading(payload.message, ({ text, blocks }) =>
    slack.update({ channel: payload.channel, ts: row.ref, text, blocks, key: payload.target }),
  );
  await ledger.recordPosted({ ...row, hash: payload.hash });
}

/** Codes by which Slack says that it does not take these blocks. */
const aboutBlocks = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_attachments",
  "msg_blocks_too_long",
  "msg_too_long",
  "block_mismatch",
  "invalid_arguments",
]);

/** Tries ever plainer forms of a message until one is taken. */
async function degrading<Sent>(
  message: SlackMessage,
  send: (form: SlackMessage) => Promise<Sent>,
): Promise<Sent> {
  const forms = degradations(message);
  const fitting = forms.filter(
    (form, index) => index === forms.length - 1 || violations(form).length === 0,
  );
  let refusal: unknown;
  for (const form of fitting) {
    try {
      return await send(form);
    } catch (error) {
      if (!(error instanceof SlackRefused) || !aboutBlocks.has(error.code)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
