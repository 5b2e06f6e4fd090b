import { clip } from "../phrases.ts";
import { toText, type SlackMessage } from "./message.ts";
import { glue, plain, richText, section } from "./rich-text.ts";

/** An answer to one person: outside text stands in it as unparsed leaves; a link only where it is one. */
export function note(text: string, link: string | null = null): SlackMessage {
  const url = link !== null && /^https?:\/\/[^\s<>|]+$/u.test(link) ? link : null;
  const lines = text.split("\n").map((line) => line.trimEnd());
  const plainLines = lines.length === 1 ? [section(plain(text, 2_500), ...linked(url))] : [];
  const block =
    plainLines.length === 0
      ? richText({
          type: "rich_text_preformatted",
          elements: [{ type: "text", text: clip(lines.join("\n"), 2_800) }],
        })
      : richText(...plainLines);
  return {
    text: url === null ? toText(text) : `${toText(clip(text, 1_500))} <${url}>`,
    blocks: [block],
  };
}

const linked = (url: string | null) =>
  url === null ? [] : [glue(" "), { type: "link" as const, url }];
