import { isObject, toList, toObject, toText } from "../json.ts";
import type { Json } from "../json.ts";
import { anyBlock, textLength } from "./catalogue.ts";
import type { Report, Surface } from "./shape.ts";
import { text } from "./shape.ts";
import { plainText } from "./texts.ts";

/** Why Slack refuses a payload: its error code, and one line for each problem with a JSON pointer. */
export interface Refusal {
  readonly error:
    | "invalid_blocks"
    | "invalid_blocks_format"
    | "msg_blocks_too_long"
    | "msg_too_long"
    | "invalid_arguments";
  readonly messages: readonly string[];
}

const BLOCKS: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
/** Measured: the sum of the text of a message's blocks fails near 12,000 to 13,000 characters. */
const BLOCK_TEXT = 12_000;
/** Bytes of `text` that chat.update takes, escaped. */
const UPDATED_TEXT = 4_000;

/** Null when Slack would take these blocks on this surface. */
export function refuseBlocks(blocks: unknown, surface: Surface): Refusal | null {
  if (blocks === undefined || blocks === null || blocks === "") return null;
  if (!Array.isArray(blocks) || !blocks.every(isObject)) {
    return {
      error: "invalid_blocks_format",
      messages: ["[ERROR] blocks must be an array of objects"],
    };
  }
  const messages: string[] = [];
  const report: Report = {
    surface,
    problem: (pointer, message) => messages.push(`[ERROR] ${message} [json-pointer:${pointer}]`),
  };
  if (blocks.length > BLOCKS[surface])
    report.problem("/blocks", `no more than ${BLOCKS[surface]} items allowed`);
  for (const [index, block] of blocks.entries()) {
    anyBlock(block, `/blocks/${index}`, report);
    refuseRepeatedActions(block, `/blocks/${index}`, report);
  }
  refuseRepeats(blocks, report);
  if (messages.length > 0) return { error: "invalid_blocks", messages };
  const length = textLength(blocks);
  return surface === "message" && length > BLOCK_TEXT
    ? {
        error: "msg_blocks_too_long",
        messages: [`[ERROR] ${length} characters of text in the blocks`],
      }
    : null;
}

/** The text of a message; chat.update takes far less than chat.postMessage, which truncates. */
export function refuseUpdatedText(value: unknown): Refusal | null {
  const escaped = toText(value).replaceAll(/&(?!amp;|lt;|gt;)/g, "&amp;");
  return Buffer.byteLength(escaped) > UPDATED_TEXT
    ? { error: "msg_too_long", messages: [`[ERROR] text is longer than ${UPDATED_TEXT} bytes`] }
    : null;
}

/** A modal or a Home tab. */
export function refuseView(view: Json): Refusal | null {
  const surface = view["type"] === "home" ? "home" : "modal";
  const messages: string[] = [];
  const report: Report = {
    surface,
    problem: (pointer, message) => messages.push(`[ERROR] ${message} [json-pointer:${pointer}]`),
  };
  for (const key of ["title", "submit", "close"]) {
    if (view[key] != null) plainText(24)(view[key], `/view/${key}`, report);
  }
  if (surface === "modal" && view["title"] == null)
    report.problem("/view", "missing required field: title");
  const hasInput = toList(view["blocks"]).some((block) => block["type"] === "input");
  if (surface === "modal" && hasInput && view["submit"] == null) {
    report.problem("/view", "missing required field: submit");
  }
  if (view["private_metadata"] != null)
    text(3_000, 0)(view["private_metadata"], "/view/private_metadata", report);
  if (view["callback_id"] != null) text(255, 0)(view["callback_id"], "/view/callback_id", report);
  const blocks = refuseBlocks(view["blocks"], surface)?.messages ?? [];
  const all = [
    ...messages,
    ...blocks.map((message) => message.replace("pointer:/blocks", "pointer:/view/blocks")),
  ];
  return all.length > 0 ? { error: "invalid_arguments", messages: all } : null;
}

function refuseRepeats(blocks: readonly Json[], { problem }: Report): void {
  const ids = blocks.flatMap((block) =>
    typeof block["block_id"] === "string" ? [block["block_id"]] : [],
  );
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) < index))) {
    problem("/blocks", `block_id already exists: ${id}`);
  }
  const count = (type: string): number =>
    flatten(blocks).filter((block) => block["type"] === type).length;
  if (count("table") > 1) problem("/blocks", "only_one_table_allowed");
  if (count("data_visualization") > 2)
    problem("/blocks", "no more than 2 data_visualization blocks allowed");
}

/** action_id has to be unique within its block. */
function refuseRepeatedActions(block: Json, pointer: string, { problem }: Report): void {
  const elements = [
    ...toList(block["elements"]),
    ...toList(block["actions"]),
    toObject(block["accessory"]),
  ];
  const ids = elements.flatMap((element) =>
    typeof element["action_id"] === "string" ? [element["action_id"]] : [],
  );
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) < index))) {
    problem(pointer, `action_id already exists: ${id}`);
  }
}

const flatten = (blocks: readonly Json[]): readonly Json[] =>
  blocks.flatMap((block) => [block, ...toList(block["child_blocks"])]);
