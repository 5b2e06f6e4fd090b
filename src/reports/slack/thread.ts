import type { ContainerBlock, RichTextBlock, RichTextSection, TableBlock } from "@slack/types";
import type { Feedback } from "#core/feedback.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Priority } from "#core/plan.ts";
import { clip, oneLine, plural } from "../phrases.ts";
import type { SeenBefore } from "../seen-before.ts";
import { toWords, type HypothesisWords, type Words } from "../words.ts";
import { feedbackControls, feedbackLine } from "./feedback.ts";
import { isUserId, toText, type SlackMessage } from "./message.ts";
import {
  bold,
  glue,
  link,
  list,
  plain,
  richText,
  section,
  titled,
  user,
  within,
} from "./rich-text.ts";

export interface MentionContext {
  readonly incident: string;
  /** What people said of this verdict so far. */
  readonly given: readonly Feedback[];
}

/**
 * The only message that notifies: who asked, then the verdict, within the first 80 characters. Under it
 * people say whether the verdict was right; what they said is edited in, which notifies nobody.
 */
export function mentionMessage(
  run: Investigation,
  { incident, given }: MentionContext,
): SlackMessage {
  const words = toWords(run);
  const said = feedbackLine(run, given);
  const asker = run.asker.door === "slack" && isUserId(run.asker.id) ? run.asker.id : null;
  const rest = `${words.headline} ${words.coverageLine}`;
  return {
    text: asker === null ? toText(rest) : `<@${asker}> ${toText(clip(rest, 1_500))}`,
    blocks: [
      richText(
        section(...(asker === null ? [] : [user(asker), glue(" ")]), bold(words.headline, 900)),
        section(plain(words.coverageLine, 400)),
        ...(words.seenBefore === null ? [] : [seenLine(words.seenBefore)]),
      ),
      ...(said === null ? [] : [richText(said)]),
      ...(run.diagnosis === null ? [] : [feedbackControls(run, incident, given)]),
    ],
  };
}

/** What helped the last time, one click away. */
const seenLine = ({ text, note, links }: SeenBefore): RichTextSection =>
  section(
    bold("Seen before:"),
    glue(" "),
    plain(text, 400),
    ...(note === null ? [] : [glue(". They wrote: "), plain(`"${note}"`)]),
    ...links.flatMap(({ label, url }, index) => [
      glue(index === 0 ? ". See what helped then: " : ", "),
      url === null ? plain(label) : link(url, label),
    ]),
  );

/** The thread's detail, in reading order; a message is left out where it would say nothing. */
export function detailMessages(run: Investigation): readonly SlackMessage[] {
  const words = toWords(run);
  return [reasons(words), whatNow(words), everything(run, words)].flatMap(
    (message) => message ?? [],
  );
}

function reasons(words: Words): SlackMessage | null {
  const texts = [
    ...(words.wrong.length === 0
      ? []
      : [section(bold("What is wrong."), glue(" "), plain(words.wrong.join(" "), 1_500))]),
    ...titled("Why we say so", "ordered", within(words.why, 6, 1_500)),
  ];
  const table = hypothesesTable(words.hypotheses);
  const blocks = [
    ...(texts.length === 0 ? [] : [richText(...texts)]),
    ...(table === null ? [] : [table]),
  ];
  if (blocks.length === 0) return null;
  const lead = words.wrong.length === 0 ? "Hypotheses" : `What is wrong. ${words.wrong.join(" ")}`;
  return { text: toText(lead), blocks };
}

const rowLimit = 8;

/** Open hypotheses row by row; those that are ruled out share the last row. */
function hypothesesTable(rows: readonly HypothesisWords[]): TableBlock | null {
  if (rows.length === 0) return null;
  const out = rows.filter(({ verdict }) => verdict === "ruled out");
  const open = rows.filter(({ verdict }) => verdict !== "ruled out");
  const shown = open.filter(isWorthARow).slice(0, rowLimit);
  const left = open.length - shown.length;
  const cells = (...texts: readonly [string, string, string, string]): TableBlock["rows"][number] =>
    [60, 10, 80, 160].map((limit, index) => ({
      type: "raw_text",
      text: clip(oneLine(texts[index] ?? ""), limit) || " ",
    }));
  return {
    type: "table",
    column_settings: [
      { is_wrapped: true },
      { align: "right" },
      { is_wrapped: true },
      { is_wrapped: true },
    ],
    rows: [
      cells("Hypothesis", "Likelihood", "Verdict", "Because"),
      ...shown.map((row) => cells(row.name, row.likelihood, row.verdict, becauseOf(row))),
      ...(left === 0
        ? []
        : [cells(`${left} more`, " ", "less likely", "in the ticket and in --json")]),
      ...(out.length === 0
        ? []
        : [
            cells(
              `${out.length} more`,
              " ",
              "ruled out",
              out.map(({ name }) => name.toLowerCase()).join(", "),
            ),
          ]),
    ],
  };
}

/** Vertical space is precious: what is all but excluded is counted. */
const isWorthARow = (row: HypothesisWords): boolean => row.leads || row.likelihood !== "<1%";

const becauseOf = (row: HypothesisWords): string =>
  row.for[0] ??
  (row.against[0] === undefined
    ? "no check spoke for or against it"
    : `against: ${row.against[0]}`);

function whatNow(words: Words): SlackMessage {
  const lost =
    words.lost.length === 0
      ? ["Lost today: nothing"]
      : words.lost.map((line) => `Lost today: ${line}`);
  const never = words.never.map((line) => `Never available here: ${line}`);
  const moot = words.moot.map((line) => `Nothing to look at now: ${line}`);
  const met = words.criteria.filter(({ state }) => state === "met").length;
  const marks = { met: "met", "not-met": "not met", "not-tested": "not tested" };
  return {
    text: toText(`Could not check, and what next. ${words.next[0] ?? ""}`),
    blocks: [
      richText(
        ...titled("Could not check", "bullet", [
          ...within(lost, 6, 1_400),
          ...within(never, 6, 800),
          ...within(moot, 4, 600),
        ]),
        ...titled("Next", "ordered", within(words.next, 6, 1_500)),
        ...titled("What changed", "bullet", within(changedLines(words), 7, 1_300)),
        ...titled(
          `Success criteria: ${met} of ${words.criteria.length} met`,
          "bullet",
          words.criteriaApply
            ? within(
                words.criteria.map(({ text, state }) => `${marks[state]}: ${text}`),
                12,
                1_500,
              )
            : [],
        ),
      ),
    ],
  };
}

const changedLines = ({ chart, changed }: Words): readonly string[] =>
  chart === null ? changed : [chart, ...changed];

const containerLimit = 8;

function everything(run: Investigation, words: Words): SlackMessage | null {
  const perContainer = Math.floor(
    7_000 / Math.max(1, Math.min(run.plan.priorities.length, containerLimit)),
  );
  const containers = run.plan.priorities
    .slice(0, containerLimit)
    .flatMap((priority) => findingsContainer(run, priority, perContainer));
  const answered = words.questions.filter(({ answer }) => answer !== null).length;
  const questions =
    words.questions.length === 0
      ? []
      : [
          container(
            `Key questions: ${answered} of ${words.questions.length} answered`,
            within(
              words.questions.map(
                ({ question, answer }) => `${question} ${answer ?? "Not known."}`,
              ),
              16,
              1_500,
            ),
          ),
        ];
  const blocks = [...containers, ...questions];
  if (blocks.length === 0) return null;
  return { text: toText(`All findings: ${plural(run.findings.length, "check")} ran`), blocks };
}

function findingsContainer(
  run: Investigation,
  priority: Priority,
  chars: number,
): readonly ContainerBlock[] {
  const rows = run.findings.filter(({ check }) => priority.checks.includes(check));
  if (rows.length === 0) return [];
  const marks = { ok: "ok", degraded: "!", failing: "✗" };
  const lines = rows
    .toSorted((a, b) => order[a.status] - order[b.status])
    .map(({ status, check, summary }) => `${marks[status]} ${check}: ${summary}`);
  return [
    container(
      `Findings, priority ${priority.level}: ${oneLine(priority.title)}`,
      within(lines, 24, chars),
    ),
  ];
}

const order = { failing: 0, degraded: 1, ok: 2 } as const;

const container = (title: string, lines: readonly string[]): ContainerBlock => ({
  type: "container",
  title: { type: "plain_text", text: clip(title, 150) },
  is_collapsible: true,
  default_collapsed: true,
  child_blocks: [richText(list("bullet", lines)) satisfies RichTextBlock],
});
