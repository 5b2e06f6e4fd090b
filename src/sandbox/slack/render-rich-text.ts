import { toList, toText } from "./json.ts";
import type { Json } from "./json.ts";
import type { Names } from "./mrkdwn.ts";

export const indented = (text: string, by: string): string =>
  text === ""
    ? ""
    : text
        .split("\n")
        .map((line) => `${by}${line}`)
        .join("\n");

/** A rich_text block as plain lines. */
export function richText(block: Json, names: Names): string {
  return toList(block["elements"])
    .map((part) => richPart(part, names))
    .join("\n");
}

function richPart(part: Json, names: Names): string {
  const leaves = (value: unknown): string =>
    toList(value)
      .map((leaf) => richLeaf(leaf, names))
      .join("");
  switch (part["type"]) {
    case "rich_text_list": {
      const indent = "  ".repeat(Number(part["indent"] ?? 0));
      const first = Number(part["offset"] ?? 0) + 1;
      return toList(part["elements"])
        .map(
          (item, index) =>
            `${indent}${part["style"] === "ordered" ? `${first + index}.` : "•"} ${leaves(item["elements"])}`,
        )
        .join("\n");
    }
    case "rich_text_quote":
      return indented(leaves(part["elements"]), "> ");
    case "rich_text_preformatted":
      return indented(leaves(part["elements"]), "    ");
    default:
      return leaves(part["elements"]).replace(/\n$/, "");
  }
}

function richLeaf(leaf: Json, names: Names): string {
  switch (leaf["type"]) {
    case "link": {
      const label = toText(leaf["text"]);
      return label === "" ? toText(leaf["url"]) : `${label} (${toText(leaf["url"])})`;
    }
    case "emoji":
      return `:${toText(leaf["name"])}:`;
    case "user":
      return `@${names(toText(leaf["user_id"]))}`;
    case "usergroup":
      return `@${names(toText(leaf["usergroup_id"]))}`;
    case "channel":
      return `#${names(toText(leaf["channel_id"]))}`;
    case "broadcast":
      return `@${toText(leaf["range"])}`;
    case "date":
      return toText(leaf["fallback"]) || new Date(Number(leaf["timestamp"]) * 1_000).toISOString();
    default:
      return toText(leaf["text"]);
  }
}
