import type { RichTextBlock, RichTextElement, RichTextList, RichTextSection } from "@slack/types";
import { clip, oneLine } from "../phrases.ts";

/**
 * Leaves of rich_text are not parsed by Slack: the only place, beside raw_text cells, where text
 * from outside may stand as it is. Everything built here is clipped and never empty.
 */
export const lineLimit = 300;

/** Slack refuses empty leaves. */
const leafText = (text: string, limit: number): string => clip(oneLine(text), limit) || " ";

export const plain = (text: string, limit = lineLimit): RichTextElement => ({
  type: "text",
  text: leafText(text, limit),
});

/** Words of ours between leaves, spaces kept. */
export const glue = (text: string): RichTextElement => ({ type: "text", text });

export const bold = (text: string, limit = lineLimit): RichTextElement => ({
  type: "text",
  text: leafText(text, limit),
  style: { bold: true },
});

export const user = (id: string): RichTextElement => ({ type: "user", user_id: id });

/** The label as text, never parsed; the address has to be one already. */
export const link = (url: string, label: string): RichTextElement => ({
  type: "link",
  url,
  text: leafText(label, lineLimit),
});

export const section = (...elements: RichTextElement[]): RichTextSection => ({
  type: "rich_text_section",
  elements,
});

export const list = (style: "bullet" | "ordered", lines: readonly string[]): RichTextList => ({
  type: "rich_text_list",
  style,
  elements: lines.map((line) => section(plain(line))),
});

export const richText = (...elements: RichTextBlock["elements"]): RichTextBlock => ({
  type: "rich_text",
  elements,
});

/** At most `most` lines and `chars` characters; the last line says how many were left out. */
export function within(lines: readonly string[], most: number, chars: number): readonly string[] {
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    const length = Math.min(oneLine(line).length, lineLimit);
    if (kept.length === most || used + length > chars) break;
    kept.push(line);
    used += length;
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept : [...kept, `... and ${left} more, in the ticket and in --json`];
}

/** A bold title over a list; nothing where there are no lines. */
export function titled(
  title: string,
  style: "bullet" | "ordered",
  lines: readonly string[],
): RichTextBlock["elements"] {
  return lines.length === 0 ? [] : [section(bold(title)), list(style, lines)];
}
