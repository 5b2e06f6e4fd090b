import { flag, list, number, oneOf, optional, shape, text, typed } from "./shape.ts";
import type { Shape } from "./shape.ts";

const style = optional(
  shape({
    bold: optional(flag),
    italic: optional(flag),
    strike: optional(flag),
    code: optional(flag),
    highlight: optional(flag),
    client_highlight: optional(flag),
    unlink: optional(flag),
    underline: optional(flag),
  }),
);
const border = optional(number(0, 1));
const id = text(255);
/** A leaf holds some text; an empty one is refused. */
const plain = shape({ text: text(12_000), style });
const link = shape({
  url: text(3_000),
  text: optional(text(12_000)),
  unsafe: optional(flag),
  style,
});

const leaves: Readonly<Record<string, Shape>> = {
  text: plain,
  link,
  emoji: shape({
    name: text(255),
    unicode: optional(text(255)),
    url: optional(text(3_000)),
    skin_tone: optional(number(1, 6)),
    style,
  }),
  user: shape({ user_id: id, style }),
  usergroup: shape({ usergroup_id: id, style }),
  channel: shape({ channel_id: id, style }),
  team: shape({ team_id: id, style }),
  broadcast: shape({ range: oneOf("here", "channel", "everyone"), style }),
  color: shape({ value: text(255), style }),
  date: shape({
    timestamp: number(0, Number.MAX_SAFE_INTEGER),
    format: text(255),
    url: optional(text(3_000)),
    fallback: optional(text(255)),
    style,
  }),
};
const leaf = typed(() => leaves, "rich text element");
const many = 1_000;
const section = shape({ elements: list(leaf, 1, many) });

const parts: Readonly<Record<string, Shape>> = {
  rich_text_section: section,
  rich_text_list: shape({
    elements: list(
      typed(() => ({ rich_text_section: section }), "list item"),
      1,
      many,
    ),
    style: oneOf("bullet", "ordered"),
    indent: optional(number(0, 8)),
    offset: optional(number(0, many)),
    border,
  }),
  rich_text_quote: shape({ elements: list(leaf, 1, many), border }),
  rich_text_preformatted: shape({
    elements: list(
      typed(() => ({ text: plain, link }), "preformatted element"),
      1,
      many,
    ),
    border,
    language: optional(text(255)),
  }),
};

/** A rich_text block, on its own or as the content of a table cell or a task. */
export const richText: Shape = typed(
  () => ({
    rich_text: shape({
      block_id: optional(id),
      elements: list(
        typed(() => parts, "rich text part"),
        1,
        many,
      ),
    }),
  }),
  "rich text",
);
