import { isObject, toList } from "../json.ts";
import type { Json } from "../json.ts";
import {
  accessory,
  actionElement,
  button,
  contextAction,
  image,
  inputElement,
} from "./elements.ts";
import { richText } from "./rich-text.ts";
import { flag, list, number, oneOf, optional, shape, text, typed } from "./shape.ts";
import type { Report, Shape, Surface } from "./shape.ts";
import { anyText, mrkdwn, plainText } from "./texts.ts";

/** Slack's limits for tables. */
const TABLE = { rows: 100, columns: 20, characters: 10_000 } as const;

const blockId = optional(text(255));
const block = (fields: Parameters<typeof shape>[0], also?: Parameters<typeof shape>[1]): Shape =>
  shape({ block_id: blockId, ...fields }, also);

const cell = typed(
  () => ({
    raw_text: shape({ text: text(TABLE.characters) }),
    raw_number: shape({ value: number(-Number.MAX_VALUE, Number.MAX_VALUE), text: text(255) }),
    rich_text: richText,
  }),
  "table cell",
);

const taskCard = block({
  task_id: text(255),
  title: text(3_000),
  status: oneOf("pending", "in_progress", "complete", "error"),
  details: optional(richText),
  output: optional(richText),
  sources: optional(
    list(
      typed(() => ({ url: shape({ url: text(3_000), text: text(3_000) }) }), "source"),
      0,
      100,
    ),
  ),
});

const card = block(
  {
    hero_image: optional(image),
    icon: optional(image),
    title: optional(mrkdwn(150)),
    subtitle: optional(mrkdwn(150)),
    body: optional(mrkdwn(200)),
    actions: optional(list(button, 1, 3)),
  },
  (value, pointer, { problem }) => {
    if (!["hero_image", "title", "actions", "body"].some((key) => value[key] !== undefined)) {
      problem(pointer, "must have hero_image, title, actions or body");
    }
  },
);

const containerTitle = (value: Json, pointer: string, { problem }: Report): void => {
  if (value["title"] === undefined && value["rich_text_title"] === undefined) {
    problem(pointer, "missing required field: title");
  }
  if (value["default_collapsed"] === true && value["is_collapsible"] !== true) {
    problem(pointer, "default_collapsed requires is_collapsible");
  }
};

const uniqueTasks = (value: Json, pointer: string, { problem }: Report): void => {
  const ids = toList(value["tasks"]).map((task) => task["task_id"]);
  if (new Set(ids).size < ids.length) problem(`${pointer}/tasks`, "task_id must be unique");
};

const tableSize = (value: Json, pointer: string, { problem }: Report): void => {
  if (textLength(value["rows"]) > TABLE.characters) {
    problem(`${pointer}/rows`, `must hold less than ${TABLE.characters + 1} characters`);
  }
};

const IN_CONTAINER = [
  "actions",
  "context",
  "divider",
  "file",
  "header",
  "image",
  "input",
  "rich_text",
  "section",
  "table",
  "video",
];

/** Every block type: the 20 of @slack/types 3.2.0, and data_visualization, which it does not know. */
const catalogue: Readonly<Record<string, Shape>> = {
  section: block(
    {
      text: optional(anyText(3_000)),
      fields: optional(list(anyText(2_000), 1, 10)),
      accessory: optional(accessory),
      expand: optional(flag),
    },
    (value, pointer, { problem }) => {
      if (value["text"] === undefined && value["fields"] === undefined)
        problem(pointer, "must have text or fields");
    },
  ),
  header: block({ text: plainText(150) }),
  divider: block({}),
  context: block({
    elements: list(
      (value, pointer, report) => {
        const shown = isObject(value) && value["type"] === "image" ? image : anyText(3_000);
        shown(value, pointer, report);
      },
      1,
      10,
    ),
  }),
  actions: block({ elements: list(actionElement, 1, 25) }),
  context_actions: block({ elements: list(contextAction, 1, 5) }),
  image: block({
    alt_text: text(2_000),
    title: optional(plainText(2_000)),
    image_url: optional(text(3_000)),
    slack_file: optional(shape({ id: optional(text(255)), url: optional(text(3_000)) })),
  }),
  input: block({
    label: plainText(2_000),
    element: inputElement,
    hint: optional(plainText(2_000)),
    optional: optional(flag),
    dispatch_action: optional(flag),
  }),
  rich_text: richText,
  markdown: block({ text: text(12_000) }),
  table: block(
    {
      rows: list(list(cell, 1, TABLE.columns), 1, TABLE.rows),
      column_settings: optional(
        list(
          shape({ align: optional(oneOf("left", "center", "right")), is_wrapped: optional(flag) }),
          0,
          TABLE.columns,
        ),
      ),
    },
    tableSize,
  ),
  data_table: block({
    rows: list(list(cell, 1, TABLE.columns), 1, Number.MAX_SAFE_INTEGER),
    caption: text(3_000),
    page_size: optional(number(1, 100)),
    row_header_column_index: optional(number(0, TABLE.columns - 1)),
  }),
  task_card: taskCard,
  plan: block(
    {
      title: text(3_000),
      tasks: optional(
        list(
          typed(() => ({ task_card: taskCard }), "task"),
          0,
          Number.MAX_SAFE_INTEGER,
        ),
      ),
    },
    uniqueTasks,
  ),
  card,
  carousel: block({
    elements: list(
      typed(() => ({ card }), "carousel element"),
      1,
      10,
    ),
  }),
  container: block(
    {
      title: optional(plainText(150)),
      rich_text_title: optional(richText),
      subtitle: optional(anyText(150)),
      child_blocks: list(
        typed(() => pick(IN_CONTAINER), "child block"),
        1,
        10,
      ),
      width: optional(oneOf("narrow", "standard", "wide", "full")),
      icon: optional(image),
      is_collapsible: optional(flag),
      default_collapsed: optional(flag),
      has_header_divider: optional(flag),
    },
    containerTitle,
  ),
  alert: block({
    text: anyText(200),
    level: optional(oneOf("default", "info", "warning", "error", "success")),
  }),
  file: block({ source: oneOf("remote"), external_id: text(255) }),
  video: block({
    video_url: text(3_000),
    thumbnail_url: text(3_000),
    alt_text: text(2_000),
    title: plainText(199),
    title_url: optional(text(3_000)),
    author_name: optional(text(49)),
    provider_name: optional(text(255)),
    provider_icon_url: optional(text(3_000)),
    description: optional(plainText(2_000)),
  }),
  // Its content is charted by the client; only what the facts name is checked here.
  data_visualization: (value, pointer, { problem }) => {
    if (!isObject(value)) problem(pointer, "must be an object");
  },
};

const pick = (types: readonly string[]): Record<string, Shape> =>
  Object.fromEntries(types.map((type) => [type, catalogue[type] as Shape]));

const notOn: Readonly<Record<Surface, readonly string[]>> = {
  message: ["alert"],
  modal: ["plan", "task_card", "data_visualization", "table", "carousel", "card", "markdown"],
  home: [
    "plan",
    "task_card",
    "alert",
    "data_visualization",
    "table",
    "carousel",
    "card",
    "markdown",
  ],
};

/** One block on its surface. */
export const anyBlock: Shape = (value, pointer, report) => {
  const allowed = Object.entries(catalogue).filter(
    ([type]) => !notOn[report.surface].includes(type),
  );
  typed(() => Object.fromEntries(allowed), "block")(value, pointer, report);
};

/** Characters that people read, over everything below a value. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + textLength(entry), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, entry]) => {
    const read =
      typeof entry === "string" && (key === "text" || key === "title" || key === "caption");
    return sum + (read ? entry.length : textLength(entry));
  }, 0);
}
