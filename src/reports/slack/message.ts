import type { KnownBlock } from "@slack/types";

/** One message as chat.postMessage and chat.update take it. */
export interface SlackMessage {
  /** What notifications, screen readers and old clients show; escaped. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Text that Slack parses as mrkdwn: without this a log line holding <!channel> pings everyone. */
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** chat.update takes 4,000 bytes of text after escaping; we stay well below. */
export const textBytes = 2_900;
const cutSign = " … (cut)";

/** Escapes, and cuts by bytes without splitting an entity or a character. */
export function toText(text: string): string {
  const escaped = escapeMrkdwn(text);
  if (Buffer.byteLength(escaped) <= textBytes) return escaped || " ";
  let bytes = Buffer.byteLength(cutSign);
  let kept = "";
  for (const character of text) {
    const piece = escapeMrkdwn(character);
    bytes += Buffer.byteLength(piece);
    if (bytes > textBytes) break;
    kept += piece;
  }
  return kept + cutSign;
}

/** A Slack user id as we are given it: everything else is text, not a mention. */
export const isUserId = (id: string | null): id is string =>
  id !== null && /^[UW][A-Z0-9]{2,30}$/u.test(id);
