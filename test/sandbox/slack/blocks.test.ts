import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseUpdatedText, refuseView } from "#sandbox/slack/blocks/validate.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const rich = (text = "words") => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});
const raw = (text: string) => ({ type: "raw_text", text });
const button = (id: string, more: object = {}) => ({
  type: "button",
  action_id: id,
  text: plain("Press"),
  ...more,
});
const task = (id: string, more: object = {}) => ({
  type: "task_card",
  task_id: id,
  title: "Look",
  status: "pending",
  ...more,
});
const plan = (...tasks: object[]) => ({ type: "plan", title: "Checking", tasks });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const table = (rows: object[][], more: object = {}) => ({ type: "table", rows, ...more });
const container = (children: object[], more: object = {}) => ({
  type: "container",
  title: plain("More"),
  child_blocks: children,
  ...more,
});
const section = (text: string) => ({ type: "section", text: mrkdwn(text) });

describe("blocks that Slack takes", () => {
  it.each([
    ["section at its limit", [section("x".repeat(3_000))]],
    [
      "section with fields and an accessory",
      [{ type: "section", fields: [mrkdwn("a")], accessory: button("a") }],
    ],
    ["header at its limit", [{ type: "header", text: plain("x".repeat(150)) }]],
    ["50 blocks", times(50, () => ({ type: "divider" }))],
    ["25 actions", [{ type: "actions", elements: times(25, (i) => button(`a${i}`)) }]],
    [
      "the same action_id in two blocks",
      times(2, () => ({ type: "actions", elements: [button("again")] })),
    ],
    [
      "context of texts and images",
      [
        {
          type: "context",
          elements: [
            mrkdwn("a"),
            { type: "image", image_url: "https://a.example/i.png", alt_text: "i" },
          ],
        },
      ],
    ],
    ["table of 100 x 20", [table(times(100, () => times(20, () => raw("x"))))]],
    [
      "table with rich text, a number and settings",
      [
        table([[rich(), raw(" "), { type: "raw_number", value: 1, text: "1" }]], {
          column_settings: [{ align: "right", is_wrapped: true }],
        }),
      ],
    ],
    [
      "plan with every status",
      [
        plan(
          ...["pending", "in_progress", "complete", "error"].map((status) =>
            task(status, { status }),
          ),
        ),
      ],
    ],
    [
      "task with details, output and sources",
      [
        plan(
          task("1", {
            details: rich(),
            output: rich(),
            sources: [{ type: "url", url: "https://a.example", text: "a" }],
          }),
        ),
      ],
    ],
    [
      "container that collapses",
      [
        container([section("a"), { type: "divider" }], {
          is_collapsible: true,
          default_collapsed: true,
        }),
      ],
    ],
    ["card", [{ type: "card", title: mrkdwn("a"), body: mrkdwn("b"), actions: [button("a")] }]],
    ["carousel", [{ type: "carousel", elements: [{ type: "card", title: mrkdwn("a") }] }]],
    ["data table", [{ type: "data_table", caption: "Findings", rows: [[raw("a")]] }]],
    [
      "rich text of every part",
      [
        {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "text", text: "a", style: { bold: true } },
                { type: "link", url: "https://a.example" },
                { type: "user", user_id: "U1" },
                { type: "emoji", name: "wave" },
              ],
            },
            {
              type: "rich_text_list",
              style: "bullet",
              elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "b" }] }],
            },
            { type: "rich_text_quote", elements: [{ type: "text", text: "c" }] },
            { type: "rich_text_preformatted", elements: [{ type: "text", text: "d" }] },
          ],
        },
      ],
    ],
    ["nothing", undefined],
  ])("%s", (_, blocks) => {
    expect(refuseBlocks(blocks, "message")).toBeNull();
  });
});

describe("blocks that Slack refuses", () => {
  it.each([
    [
      "51 blocks",
      times(51, () => ({ type: "divider" })),
      "no more than 50 items allowed [json-pointer:/blocks]",
    ],
    [
      "a long section",
      [section("x".repeat(3_001))],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    ["an empty section", [section("")], "must be more than 0 characters"],
    ["a section of nothing", [{ type: "section" }], "must have text or fields"],
    [
      "a long header",
      [{ type: "header", text: plain("x".repeat(151)) }],
      "must be less than 151 characters",
    ],
    [
      "a header in mrkdwn",
      [{ type: "header", text: mrkdwn("x") }],
      "unsupported type of text object: mrkdwn",
    ],
    [
      "26 actions",
      [{ type: "actions", elements: times(26, (i) => button(`a${i}`)) }],
      "no more than 25 items allowed",
    ],
    ["no actions", [{ type: "actions", elements: [] }], "no fewer than 1 items allowed"],
    [
      "11 context elements",
      [{ type: "context", elements: times(11, () => mrkdwn("a")) }],
      "no more than 10 items allowed",
    ],
    [
      "a long button",
      [{ type: "actions", elements: [button("a", { text: plain("x".repeat(76)) })] }],
      "must be less than 76 characters",
    ],
    [
      "a long value",
      [{ type: "actions", elements: [button("a", { value: "x".repeat(2_001) })] }],
      "must be less than 2001 characters",
    ],
    [
      "a colour that is none",
      [{ type: "actions", elements: [button("a", { style: "warning" })] }],
      "must be one of: primary, danger",
    ],
    [
      "an action_id twice in a block",
      [{ type: "actions", elements: [button("a"), button("a")] }],
      "action_id already exists: a",
    ],
    [
      "a block_id twice",
      times(2, () => ({ type: "divider", block_id: "b" })),
      "block_id already exists: b",
    ],
    ["an unknown block", [{ type: "markdwn", text: "a" }], "unsupported type of block: markdwn"],
    [
      "an unknown property",
      [{ type: "divider", colour: "red" }],
      "invalid additional property: colour",
    ],
    ["101 rows", [table(times(101, () => [raw("x")]))], "no more than 100 items allowed"],
    ["21 columns", [table([times(21, () => raw("x"))])], "no more than 20 items allowed"],
    [
      "an empty cell",
      [table([[raw("")]])],
      "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
    ],
    ["an empty cell of rich text", [table([[rich("")]])], "must be more than 0 characters"],
    ["a cell of mrkdwn", [table([[mrkdwn("x")]])], "unsupported type of table cell: mrkdwn"],
    [
      "a table of 10,001 characters",
      [table([[raw("x".repeat(5_001)), raw("x".repeat(5_000))]])],
      "must hold less than 10001 characters",
    ],
    ["two tables", [table([[raw("x")]]), table([[raw("x")]])], "only_one_table_allowed"],
    [
      "two tables, one in a container",
      [table([[raw("x")]]), container([table([[raw("x")]])])],
      "only_one_table_allowed",
    ],
    [
      "a fifth status",
      [plan(task("1", { status: "skipped" }))],
      "must be one of: pending, in_progress, complete, error",
    ],
    ["a task without a title", [plan(task("1", { title: "" }))], "must be more than 0 characters"],
    [
      "task details as text",
      [plan(task("1", { details: "words" }))],
      "unsupported type of rich text",
    ],
    ["a task twice", [plan(task("1"), task("1"))], "task_id must be unique"],
    [
      "a plan in a container",
      [container([plan(task("1"))])],
      "unsupported type of child block: plan",
    ],
    [
      "markdown in a container",
      [container([{ type: "markdown", text: "a" }])],
      "unsupported type of child block: markdown",
    ],
    [
      "a card in a container",
      [container([{ type: "card", title: mrkdwn("a") }])],
      "unsupported type of child block: card",
    ],
    [
      "11 children",
      [container(times(11, () => ({ type: "divider" })))],
      "no more than 10 items allowed",
    ],
    [
      "a container without a title",
      [{ type: "container", child_blocks: [{ type: "divider" }] }],
      "missing required field: title",
    ],
    [
      "collapsed without being collapsible",
      [container([{ type: "divider" }], { default_collapsed: true })],
      "default_collapsed requires is_collapsible",
    ],
    [
      "a long card title",
      [{ type: "card", title: mrkdwn("x".repeat(151)) }],
      "must be less than 151 characters",
    ],
    [
      "a long card body",
      [{ type: "card", body: mrkdwn("x".repeat(201)) }],
      "must be less than 201 characters",
    ],
    [
      "an empty card",
      [{ type: "card", subtitle: mrkdwn("x") }],
      "must have hero_image, title, actions or body",
    ],
    [
      "a carousel of 11",
      [{ type: "carousel", elements: times(11, () => ({ type: "card", title: mrkdwn("a") })) }],
      "no more than 10 items allowed",
    ],
    [
      "a data table without a caption",
      [{ type: "data_table", rows: [[raw("a")]] }],
      "missing required field: caption",
    ],
    ["an empty rich text leaf", [rich("")], "must be more than 0 characters"],
    [
      "a rich text list of leaves",
      [
        {
          type: "rich_text",
          elements: [
            { type: "rich_text_list", style: "bullet", elements: [{ type: "text", text: "a" }] },
          ],
        },
      ],
      "unsupported type of list item: text",
    ],
    ["an alert", [{ type: "alert", text: plain("a") }], "unsupported type of block: alert"],
    [
      "three charts",
      times(3, () => ({ type: "data_visualization" })),
      "no more than 2 data_visualization blocks allowed",
    ],
  ])("%s", (_, blocks, problem) => {
    const refusal = refuseBlocks(blocks, "message");
    expect(refusal?.error).toBe("invalid_blocks");
    expect(refusal?.messages.join("\n")).toContain(problem);
  });

  it("too much text over all blocks", () => {
    expect(
      refuseBlocks(
        times(5, () => section("x".repeat(2_600))),
        "message",
      )?.error,
    ).toBe("msg_blocks_too_long");
    expect(
      refuseBlocks(
        times(5, () => section("x".repeat(2_400))),
        "message",
      ),
    ).toBeNull();
  });

  it.each(["text", { type: "divider" }, ["divider"]])(
    "%j, which is no list of blocks",
    (blocks) => {
      expect(refuseBlocks(blocks, "message")?.error).toBe("invalid_blocks_format");
    },
  );
});

describe("the text of chat.update", () => {
  it.each([
    ["4,000 bytes", "x".repeat(4_000), null],
    ["4,001 bytes", "x".repeat(4_001), "msg_too_long"],
    ["2,001 characters of two bytes", "é".repeat(2_001), "msg_too_long"],
    ["900 bare ampersands, escaped on the way", "&".repeat(900), "msg_too_long"],
    ["700 escaped ampersands", "&amp;".repeat(700), null],
  ])("%s", (_, text, error) => {
    expect(refuseUpdatedText(text)?.error ?? null).toBe(error);
  });
});

describe("views", () => {
  const modal = (blocks: object[], more: object = {}) => ({
    type: "modal",
    title: plain("Title"),
    blocks,
    ...more,
  });
  const input = {
    type: "input",
    label: plain("Why"),
    element: { type: "plain_text_input", action_id: "why" },
  };
  it.each([
    ["a modal with an input", modal([input], { submit: plain("Send") }), null],
    ["a modal with an alert", modal([{ type: "alert", text: plain("a") }]), null],
    ["100 blocks", modal(times(100, () => ({ type: "divider" }))), null],
    [
      "101 blocks",
      modal(times(101, () => ({ type: "divider" }))),
      "no more than 100 items allowed [json-pointer:/view/blocks]",
    ],
    ["an input without submit", modal([input]), "missing required field: submit"],
    [
      "a long title",
      modal([], { title: plain("x".repeat(25)) }),
      "must be less than 25 characters",
    ],
    [
      "a plan, which belongs in messages",
      modal([plan(task("1"))]),
      "unsupported type of block: plan",
    ],
    ["a Home tab", { type: "home", blocks: [section("a")] }, null],
    [
      "a plan on the Home tab",
      { type: "home", blocks: [plan(task("1"))] },
      "unsupported type of block: plan",
    ],
  ])("%s", (_, view, problem) => {
    const messages = refuseView(view)?.messages ?? ["none"];
    expect(messages.join("\n")).toContain(problem ?? "none");
  });
});
