import type {
  ContainerBlock,
  KnownBlock,
  PlanBlock,
  RichTextBlock,
  TableBlock,
  TaskCardBlock,
} from "@slack/types";
import { toText, type SlackMessage } from "./message.ts";
import { bold, list, richText, section } from "./rich-text.ts";

/**
 * The same message in ever older blocks, best first: as rendered, rich_text only, plain text. A
 * workspace or client that refuses new blocks still gets every word; a lost verdict is the worst.
 */
export function degradations(message: SlackMessage): readonly SlackMessage[] {
  const older = message.blocks.map(toOlder);
  return [message, { ...message, blocks: older }, { text: plainText(message), blocks: [] }];
}

function toOlder(block: KnownBlock): KnownBlock {
  if (block.type === "plan") return planAsList(block);
  if (block.type === "container") return containerAsList(block);
  if (block.type === "table") return tableAsList(block);
  return block;
}

const words: Readonly<Record<TaskCardBlock["status"], string>> = {
  pending: "not done",
  in_progress: "under way",
  complete: "done",
  error: "fault",
};

function planAsList(block: PlanBlock): RichTextBlock {
  const cards = (block.tasks ?? []) as readonly TaskCardBlock[];
  const lines = cards.flatMap((card) =>
    [`${words[card.status]}: ${card.title}`].concat(
      card.details === undefined ? [] : leaves(card.details),
    ),
  );
  return titledList(block.title, lines);
}

const containerAsList = (block: ContainerBlock): RichTextBlock =>
  titledList(
    block.title?.text ?? "",
    block.child_blocks.flatMap((child) => (child.type === "rich_text" ? leaves(child) : [])),
  );

function tableAsList(block: TableBlock): RichTextBlock {
  const [head = [], ...rows] = block.rows.map((row) =>
    row.map((cell) => ("text" in cell ? cell.text : "")),
  );
  return titledList(
    head.join(" · "),
    rows.map((row) => row.filter((text) => text.trim() !== "").join(" · ")),
  );
}

const titledList = (title: string, lines: readonly string[]): RichTextBlock =>
  lines.length === 0
    ? richText(section(bold(title)))
    : richText(section(bold(title)), list("bullet", lines));

/** One string a line: a section, or an item of a list. */
function leaves(block: RichTextBlock): readonly string[] {
  return block.elements.flatMap((element) => {
    if (element.type === "rich_text_list")
      return element.elements.map((item) => inline(item.elements));
    return [inline(element.elements)];
  });
}

const inline = (elements: readonly object[]): string =>
  elements
    .map((leaf) => {
      // Slack makes a link of a bare address; its label alone would lead nowhere.
      const url = "url" in leaf && typeof leaf.url === "string" ? ` ${leaf.url}` : "";
      if ("text" in leaf && typeof leaf.text === "string") return leaf.text + url;
      return "user_id" in leaf ? `@${String(leaf.user_id)}` : url.trim();
    })
    .join("");

/** Every word of a message as lines; the mention in front of its text, where there is one, stays. */
function plainText(message: SlackMessage): string {
  const mention = /^<@[UW][A-Z0-9]+> /u.exec(message.text)?.[0] ?? "";
  const lines = message.blocks
    .map(toOlder)
    .flatMap((block) => (block.type === "rich_text" ? leaves(block) : []));
  return lines.length === 0 ? message.text : mention + toText(lines.join("\n").trim());
}
