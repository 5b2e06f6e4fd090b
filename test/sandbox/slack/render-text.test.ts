import { expect, it } from "vitest";
import { renderText } from "#sandbox/slack/render-text.ts";

const names = (id: string): string => ({ U1: "ola", C1: "incidents", S1: "oncall" })[id] ?? id;
const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const rich = (...elements: object[]) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});
const words = (text: string) => ({ type: "text", text });
const button = (label: string, more: object = {}) => ({
  type: "button",
  action_id: label,
  text: plain(label),
  ...more,
});
const task = (status: string, title: string, more: object = {}) => ({
  type: "task_card",
  task_id: title,
  title,
  status,
  ...more,
});

it.each<[string, object[], string]>([
  [
    "mrkdwn as it reads",
    [
      {
        type: "section",
        text: mrkdwn(
          "*Down* for <@U1> in <#C1>, <!subteam^S1>: a &lt; b, <https://a.example|page>",
        ),
      },
    ],
    "Down for @ola in #incidents, @oncall: a < b, page (https://a.example)",
  ],
  [
    "a section with fields and a button",
    [
      {
        type: "section",
        text: plain("a"),
        fields: [mrkdwn("b"), plain("c")],
        accessory: button("Go"),
      },
    ],
    "a  [Go]\n  b\n  c",
  ],
  [
    "header, divider and context",
    [
      { type: "header", text: plain("Title") },
      { type: "divider" },
      { type: "context", elements: [mrkdwn("a"), plain("b")] },
    ],
    "# Title\n---\na  b",
  ],
  [
    "actions",
    [
      {
        type: "actions",
        elements: [button("Check again"), button("Console", { url: "https://c.example" })],
      },
    ],
    "[Check again] [Console] (https://c.example)",
  ],
  [
    "a plan",
    [
      {
        type: "plan",
        title: "Checking 2 of 4",
        tasks: [
          task("complete", "Service", { output: rich(words("2 of 2")) }),
          task("in_progress", "Logs", { details: rich(words("6 h")) }),
          task("error", "Reach"),
          task("pending", "Docs"),
        ],
      },
    ],
    "Checking 2 of 4\n  ● Service\n      → 2 of 2\n  ◐ Logs\n      6 h\n  ✗ Reach\n  ○ Docs",
  ],
  [
    "a table",
    [
      {
        type: "table",
        rows: [
          [
            { type: "raw_text", text: "Hypothesis" },
            { type: "raw_text", text: "Likelihood" },
          ],
          [rich(words("Auth unreachable")), { type: "raw_number", value: 97, text: "97%" }],
        ],
      },
    ],
    "Hypothesis       | Likelihood\nAuth unreachable | 97%",
  ],
  [
    "rich text",
    [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              words("by "),
              { type: "user", user_id: "U1" },
              words(" "),
              { type: "link", url: "https://a.example", text: "page" },
            ],
          },
          {
            type: "rich_text_list",
            style: "ordered",
            elements: [rich(words("one")).elements[0], rich(words("two")).elements[0]],
          },
          {
            type: "rich_text_list",
            style: "bullet",
            indent: 1,
            elements: [rich(words("three")).elements[0]],
          },
          { type: "rich_text_quote", elements: [words("said")] },
          { type: "rich_text_preformatted", elements: [words("aws ecs\nupdate-service")] },
        ],
      },
    ],
    "by @ola page (https://a.example)\n1. one\n2. two\n  • three\n> said\n    aws ecs\n    update-service",
  ],
  [
    "a container",
    [
      {
        type: "container",
        title: plain("Findings"),
        is_collapsible: true,
        child_blocks: [{ type: "section", text: plain("a\nb") }],
      },
    ],
    "▸ Findings\n  a\n  b",
  ],
  [
    "a card",
    [{ type: "card", title: mrkdwn("Card"), body: mrkdwn("body"), actions: [button("Go")] }],
    "Card\nbody\n[Go]",
  ],
])("%s", (_, blocks, shown) => {
  expect(renderText({ text: "fallback", blocks: blocks as Record<string, unknown>[] }, names)).toBe(
    shown,
  );
});

it("shows the text where there are no blocks, and the files", () => {
  const message = { text: "see <!channel> &amp; go", blocks: [], files: [{ title: "chart.png" }] };
  expect(renderText(message, names)).toBe("see @channel & go\n[file chart.png]");
});
