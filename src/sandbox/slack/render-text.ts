import { toList, toObject, toText } from "./json.ts";
import type { Json } from "./json.ts";
import { readable } from "./mrkdwn.ts";
import type { Names } from "./mrkdwn.ts";
import { indented, richText } from "./render-rich-text.ts";

/** What a person reads of a message, as plain lines: its blocks where it has any, else its text. */
export function renderText(
  message: {
    readonly text: string;
    readonly blocks: readonly Json[];
    readonly attachments?: readonly Json[];
    readonly files?: readonly Json[];
  },
  names: Names,
): string {
  const attachments = (message.attachments ?? []).flatMap((attachment) =>
    toList(attachment["blocks"]),
  );
  const blocks = [...message.blocks, ...attachments];
  const body =
    blocks.length === 0
      ? [readable(message.text, names)]
      : blocks.map((block) => renderBlock(block, names));
  const files = (message.files ?? []).map(
    (file) => `[file ${toText(file["title"]) || toText(file["name"])}]`,
  );
  return [...body, ...files].filter((part) => part !== "").join("\n");
}

type Renderer = (block: Json, names: Names) => string;
const lines = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join("\n");
const renderBlock: Renderer = (block, names) =>
  renderers[toText(block["type"])]?.(block, names) ?? `[${toText(block["type"])}]`;
const all = (value: unknown, names: Names): string =>
  lines(...toList(value).map((block) => renderBlock(block, names)));

/** A text object: mrkdwn is read, plain text stands as it is. */
const textOf = (value: unknown, names: Names): string => {
  const { type, text } = toObject(value);
  return type === "mrkdwn" ? readable(toText(text), names) : toText(text);
};

const marks: Readonly<Record<string, string>> = {
  pending: "○",
  in_progress: "◐",
  complete: "●",
  error: "✗",
};

const task: Renderer = (card, names) =>
  lines(
    `${marks[toText(card["status"])] ?? "?"} ${toText(card["title"])}`,
    indented(
      card["details"] === undefined ? "" : richText(toObject(card["details"]), names),
      "    ",
    ),
    indented(
      card["output"] === undefined ? "" : richText(toObject(card["output"]), names),
      "    → ",
    ),
    ...toList(card["sources"]).map(
      (source) => `    ${toText(source["text"])} (${toText(source["url"])})`,
    ),
  );

const renderers: Readonly<Record<string, Renderer>> = {
  section: (block, names) =>
    lines(
      [textOf(block["text"], names), element(toObject(block["accessory"]), names)]
        .filter((part) => part !== "")
        .join("  "),
      ...toList(block["fields"]).map((field) => `  ${textOf(field, names)}`),
    ),
  header: (block, names) => `# ${textOf(block["text"], names)}`,
  divider: () => "---",
  context: (block, names) =>
    toList(block["elements"])
      .map((part) =>
        part["type"] === "image" ? `[${toText(part["alt_text"])}]` : textOf(part, names),
      )
      .join("  "),
  actions: (block, names) =>
    toList(block["elements"])
      .map((part) => element(part, names))
      .join(" "),
  context_actions: (block, names) =>
    toList(block["elements"])
      .map((part) => element(part, names))
      .join(" "),
  image: (block, names) => `[image: ${textOf(block["title"], names) || toText(block["alt_text"])}]`,
  video: (block, names) => `[video: ${textOf(block["title"], names)}]`,
  input: (block, names) => `${textOf(block["label"], names)}: ______`,
  file: (block) => `[file ${toText(block["external_id"])}]`,
  markdown: (block) => toText(block["text"]),
  rich_text: (block, names) => richText(block, names),
  table: (block, names) => table(block["rows"], names),
  data_table: (block, names) => lines(toText(block["caption"]), table(block["rows"], names)),
  plan: (block, names) =>
    lines(
      toText(block["title"]),
      ...toList(block["tasks"]).map((card) => indented(task(card, names), "  ")),
    ),
  task_card: task,
  card: (block, names) =>
    lines(
      textOf(block["title"], names),
      textOf(block["subtitle"], names),
      textOf(block["body"], names),
      toList(block["actions"])
        .map((part) => element(part, names))
        .join(" "),
    ),
  carousel: (block, names) => all(block["elements"], names),
  container: (block, names) =>
    lines(
      `${block["is_collapsible"] === true ? "▸ " : ""}${
        block["rich_text_title"] === undefined
          ? textOf(block["title"], names)
          : richText(toObject(block["rich_text_title"]), names)
      }`,
      textOf(block["subtitle"], names),
      indented(all(block["child_blocks"], names), "  "),
    ),
  alert: (block, names) => `! ${textOf(block["text"], names)}`,
  data_visualization: (block) => `[chart: ${toText(block["title"])}]`,
};

/** Something to press or choose, as "[Label]". */
function element(part: Json, names: Names): string {
  const type = toText(part["type"]);
  if (type === "") return "";
  if (type === "image") return `[${toText(part["alt_text"])}]`;
  if (type === "feedback_buttons") {
    const label = (key: string): string => textOf(toObject(part[key])["text"], names);
    return `[${label("positive_button")}] [${label("negative_button")}]`;
  }
  const url = toText(part["url"]);
  const label =
    textOf(part["text"], names) || textOf(part["placeholder"], names) || type.replaceAll("_", " ");
  return `[${label}]${url === "" ? "" : ` (${url})`}`;
}

/** Columns padded to their widest cell. */
function table(rows: unknown, names: Names): string {
  const cells = (Array.isArray(rows) ? rows : []).map((row) =>
    toList(row).map((cell) =>
      cell["type"] === "rich_text"
        ? richText(cell, names).replaceAll("\n", " ")
        : toText(cell["text"]),
    ),
  );
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(" | ")
        .trimEnd(),
    )
    .join("\n");
}
