import type { ActionsBlockElement, KnownBlock, PlainTextOption, TableBlock } from "@slack/types";
import { textBytes, type SlackMessage } from "./message.ts";

/** Slack's documented limits, and 12,000 characters a message, near which it answers msg_blocks_too_long. */
const limits = {
  blocks: 50,
  characters: 12_000,
  tableRows: 100,
  tableColumns: 20,
  tableCharacters: 10_000,
  containerBlocks: 10,
  title: 150,
  buttons: 25,
  buttonText: 75,
  buttonValue: 2_000,
  blockId: 255,
  options: 100,
  optionText: 75,
  optionValue: 150,
} as const;

/** What Slack would refuse, as sentences; empty: the message can be sent. */
export function violations(message: SlackMessage): readonly string[] {
  const problems: string[] = [];
  const check = (fine: boolean, problem: string): void => {
    if (!fine) problems.push(problem);
  };
  // A mention in front adds at most 36 bytes to the text.
  check(
    message.text !== "" && Buffer.byteLength(message.text) <= textBytes + 36,
    "text is empty or too long",
  );
  check(message.blocks.length <= limits.blocks, `${message.blocks.length} blocks`);
  check(
    characters(message.blocks) <= limits.characters,
    `${characters(message.blocks)} characters`,
  );
  check(message.blocks.filter(({ type }) => type === "table").length <= 1, "more than one table");
  check(!hasEmptyLeaf(message.blocks), "an empty leaf");
  for (const block of message.blocks) problems.push(...blockProblems(block));
  return problems;
}

function blockProblems(block: KnownBlock): readonly string[] {
  if (block.type === "table") return tableProblems(block);
  if (block.type === "container") {
    const tooMany = block.child_blocks.length > limits.containerBlocks;
    const tooLong = (block.title?.text.length ?? 0) > limits.title;
    return [
      ...(tooMany ? ["too many blocks in a container"] : []),
      ...(tooLong ? ["container title too long"] : []),
    ];
  }
  if (block.type === "plan") {
    const titles = [block.title, ...(block.tasks ?? []).map(({ title }) => String(title))];
    const wrong = titles.some((title) => title === "" || title.length > limits.title);
    return wrong ? ["plan or task title empty or too long"] : [];
  }
  if (block.type === "actions") {
    const wrong =
      block.elements.length > limits.buttons ||
      (block.block_id?.length ?? 0) > limits.blockId ||
      block.elements.some(isTooLong);
    return wrong ? ["too many or too long buttons"] : [];
  }
  return [];
}

const tableProblems = ({ rows }: TableBlock): readonly string[] => [
  ...(rows.length > limits.tableRows ? ["too many rows"] : []),
  ...(rows.some((row) => row.length > limits.tableColumns) ? ["too many columns"] : []),
  ...(characters(rows) > limits.tableCharacters ? ["table too long"] : []),
];

function isTooLong(element: ActionsBlockElement): boolean {
  if (element.type === "static_select") {
    const options = element.options ?? [];
    return options.length > limits.options || options.some(isTooLongOption);
  }
  return (
    element.type === "button" &&
    (element.text.text.length > limits.buttonText ||
      (element.value?.length ?? 0) > limits.buttonValue)
  );
}

const isTooLongOption = ({ text, value, description }: PlainTextOption): boolean =>
  text.text.length > limits.optionText ||
  (description?.text.length ?? 0) > limits.optionText ||
  (value?.length ?? 0) > limits.optionValue;

/** Every "text" and "title" string below a value, added up. */
function characters(value: unknown): number {
  if (Array.isArray(value))
    return value.reduce((sum: number, item: unknown) => sum + characters(item), 0);
  if (value === null || typeof value !== "object") return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum +
      (typeof inner === "string"
        ? key === "text" || key === "title"
          ? inner.length
          : 0
        : characters(inner)),
    0,
  );
}

function hasEmptyLeaf(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => hasEmptyLeaf(item));
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(
    ([key, inner]) => (key === "text" && inner === "") || hasEmptyLeaf(inner),
  );
}
