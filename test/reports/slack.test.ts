import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  degradations,
  detailMessages,
  mentionMessage,
  note,
  rootMessage,
  toText,
  violations,
} from "#reports/slack.ts";
import { anyRun, anyText } from "./any-run.ts";
import { faultRun, notRun, runningRun } from "./example-run.ts";

const context = { incident: "i1", ticket: null, nameAsker: true };

describe("root message", () => {
  it("says verdict, coverage, place and asker, then the plan, then the buttons", () => {
    const { text, blocks } = rootMessage(faultRun(), context);
    expect(text).toBe(
      "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service. 4 of 5 checks ran. Lost today: 1 (1 denied).",
    );
    expect(blocks.map(({ type }) => type)).toEqual(["rich_text", "plan", "actions"]);
    expect(blocks[0]).toEqual({
      type: "rich_text",
      elements: [
        section(
          bold(
            "Model 21 is down for customers: auth unreachable (confirmed, 97%). The API cannot reach its auth service.",
          ),
        ),
        section(bold("4 of 5 checks ran. Lost today: 1 (1 denied).")),
        section(
          { type: "text", text: "production · account 123456789012 · us-east-1" },
          { type: "text", text: " · asked by " },
          { type: "user", user_id: "U0ONCALL" },
        ),
      ],
    });
  });

  it("fills its plan in as checks settle, and never ticks what could not be checked", () => {
    const statuses = (run = runningRun()) => {
      const plan = rootMessage(run, context).blocks.find(({ type }) => type === "plan");
      return (plan as { tasks: { title: string; status: string }[] }).tasks.map(
        ({ status, title }) => [status, title],
      );
    };
    expect(statuses()).toEqual([
      ["in_progress", "Priority 1, is the service running (15 min by hand): 1 of 2"],
      ["pending", "Priority 2, can it be reached (10 min by hand): 0 of 3"],
    ]);
    expect(statuses(faultRun())).toEqual([
      [
        "complete",
        "Priority 1, is the service running (15 min by hand): 1 of 2, 1 could not be checked",
      ],
      ["error", "Priority 2, can it be reached (10 min by hand): 3 of 3, 2 not as it should be"],
    ]);
    const blind = faultRun({
      findings: [],
      notRun: [notRun("ecs/service-running"), notRun("ecs/rollout")],
    });
    expect(statuses(blind)[0]).toEqual([
      "pending",
      "Priority 1, is the service running (15 min by hand): 0 of 2, 2 could not be checked",
    ]);
  });

  it("offers a ticket only while there is none", () => {
    const buttons = (ticket: string | null) =>
      rootMessage(faultRun(), { ...context, ticket }).blocks.flatMap((block) =>
        block.type === "actions"
          ? block.elements.map((element) => (element as { action_id: string }).action_id)
          : [],
      );
    expect(buttons(null)).toEqual(["hokusai_check_again", "hokusai_open_ticket"]);
    expect(buttons("HOK-1")).toEqual(["hokusai_check_again"]);
  });

  it("mentions nobody in its first form, because posting notifies", () => {
    expect(
      JSON.stringify(rootMessage(runningRun(), { ...context, nameAsker: false })),
    ).not.toContain("U0ONCALL");
  });
});

describe("thread", () => {
  it("mentions who asked, with the verdict in the first 80 characters", () => {
    const { text, blocks } = mentionMessage(faultRun(), { incident: "i1", given: [] });
    expect(text.slice(0, 80)).toBe(
      "<@U0ONCALL> Model 21 is down for customers: auth unreachable (confirmed, 97%). T",
    );
    expect(JSON.stringify(blocks)).toContain('{"type":"user","user_id":"U0ONCALL"}');
  });

  it("gives the detail in reading order", () => {
    const words = detailMessages(faultRun()).map((message) => degradations(message)[2]?.text ?? "");
    expect(words).toEqual([
      [
        "What is wrong. The API cannot reach its auth service. What customers get: 503 after 10.0 s.",
        "Why we say so",
        "dependencies/auth: connect timeout after 3.0 s",
        "prediction/with-key: 503 after 10.0 s",
        "Hypothesis · Likelihood · Verdict · Because",
        "Auth unreachable · 97% · confirmed · dependencies/auth: connect timeout after 3.0 s",
        "Slow cold load · 2% · untested, masked by auth unreachable · no check spoke for or against it",
        "1 more · ruled out · redis down",
      ].join("\n"),
      [
        "Could not check",
        "Lost today: ecs/rollout: denied. AccessDenied for ecs:DescribeServices. To mend: grant ecs:DescribeServices",
        "Next",
        "Restore egress 443 on the task's security group.",
        "Then check again: /hokusai check model 21",
        "Success criteria: 1 of 3 met",
        "met: The service runs",
        "not met: A keyed prediction is answered",
        "not tested: The rollout is steady",
      ].join("\n"),
      [
        "Findings, priority 1: is the service running",
        "ok ecs/service-running: 2 of 2 tasks",
        "Findings, priority 2: can it be reached",
        "✗ prediction/with-key: 503 after 10.0 s",
        "✗ dependencies/auth: connect timeout after 3.0 s",
        "ok edge/reach: 401 from the app in 12 ms",
        "Key questions: 1 of 2 answered",
        "Is the service running? Yes.",
        "Does it log errors? Not known.",
      ].join("\n"),
    ]);
  });
});

describe("what Slack accepts", () => {
  it("is kept by every message of every run, in every form", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const messages = [
          rootMessage(run, context),
          mentionMessage(run, { incident: "i1", given: [] }),
          ...detailMessages(run),
        ];
        for (const form of messages.flatMap(degradations)) expect(violations(form)).toEqual([]);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  it("holds outside text only where it is not parsed", () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        for (const message of [
          rootMessage(run, context),
          mentionMessage(run, { incident: "i1", given: [] }),
          ...detailMessages(run),
        ].flatMap(degradations)) {
          expect(message.text.replace(/^<@U0ONCALL> /u, "")).not.toMatch(/[<>]/u);
          expect(JSON.stringify(message.blocks)).not.toContain('"mrkdwn"');
        }
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it("counts what is too long", () => {
    const { blocks } = rootMessage(faultRun(), context);
    expect(violations({ text: "x".repeat(4_000), blocks })).toEqual(["text is empty or too long"]);
    expect(
      violations({
        text: "x",
        blocks: Array.from({ length: 51 }, () => ({ type: "divider" as const })),
      }),
    ).toEqual(["51 blocks"]);
    expect(violations({ text: "x", blocks: [{ type: "plan", title: "", tasks: [] }] })).toEqual([
      "plan or task title empty or too long",
    ]);
  });
});

describe("text", () => {
  it.each([
    ["a < b & <!channel>", "a &lt; b &amp; &lt;!channel&gt;"],
    ["", " "],
  ])("escapes %j", (input, output) => {
    expect(toText(input)).toBe(output);
  });

  it("stays under the byte limit without half an entity or half a character", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sent = toText(text.repeat(3));
        expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(2_900);
        expect(sent).not.toMatch(/&(?!amp;|lt;|gt;)/u);
      }),
    );
  });

  it("links only what is a link", () => {
    expect(note("Follow it here:", "https://x.slack.com/archives/C1/p1").text).toBe(
      "Follow it here: <https://x.slack.com/archives/C1/p1>",
    );
    expect(note("Follow it here:", "javascript:alert(1)|x").text).toBe("Follow it here:");
    expect(note("a\nb").blocks).toEqual([
      {
        type: "rich_text",
        elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text: "a\nb" }] }],
      },
    ]);
  });
});

const bold = (text: string) => ({ type: "text", text, style: { bold: true } });
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
