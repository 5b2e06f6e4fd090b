import type { Finding } from "#core/finding.ts";
import type { Incident } from "#core/incident.ts";
import type { Investigation } from "#core/investigation.ts";
import { headlineOf } from "./headline.ts";
import { clip, clockTime, dateTime, oneLine, sentenceCase } from "./phrases.ts";
import { toWords, type HypothesisWords, type Words } from "./words.ts";

/** Written once, when the ticket is opened: from then on its description belongs to people. */
export interface TicketText {
  readonly title: string;
  readonly description: string;
  /** Linear's: 1 urgent, 2 high, 3 medium. */
  readonly priority: 1 | 2 | 3;
}

/** The stable line by which a ticket of ours is found again. */
export const ticketMarker = (model: string): string => `Opened by Hokusai for model ${model},`;

export function toTicketText(run: Investigation): TicketText {
  const words = toWords(run);
  return {
    title: clip(words.headline, 200),
    description: [
      `**${escapeMarkdown(words.headline)}**`,
      escapeMarkdown(words.place.join(" · ")),
      escapeMarkdown(words.coverageLine),
      ...(words.seenBefore === null ? [] : [seenLine(words, null)]),
      `${ticketMarker(run.target.id)} ${dateTime(run.startedAt)}. The first comment is kept current with status, hypotheses and findings; this description is yours.`,
    ].join("\n\n"),
    priority: words.severity === 1 ? 1 : words.severity === 2 ? 2 : 3,
  };
}

export interface CommentContext {
  readonly incident: Incident;
  /** Earlier runs of the incident, oldest first, this one left out. */
  readonly earlier: readonly Investigation[];
  /** Permalink of the Slack thread; null where there is none. */
  readonly thread: string | null;
}

/** Linear refuses very long bodies: sections that do not fit are left out whole, and that is said. */
const bodyLimit = 60_000;
const sectionLimit = 12_000;

/** The one living comment of an incident, as Linear's Markdown. */
export function ticketComment(run: Investigation, context: CommentContext): string {
  const words = toWords(run);
  const body = [
    statusLine(run, words, context),
    words.wrong.length === 0 ? "" : words.wrong.map(escapeMarkdown).join("\n\n"),
    `**Coverage.** ${escapeMarkdown(words.coverageLine)}`,
    seenLine(words, context.incident.ticket),
    hypothesesTable(words.hypotheses),
    numbered("**Why we say so**", words.why),
    numbered("**Next**", words.next),
    criteriaList(words),
    collapsed("Could not check", [
      ...bullets("Lost today", words.lost, "nothing"),
      ...bullets("Never available here", words.never, "nothing"),
      ...(words.moot.length === 0 ? [] : bullets("Nothing to look at now", words.moot, "nothing")),
    ]),
    words.chart === null ? "" : `\`${words.chart}\``,
    words.changed.length === 0 ? "" : collapsed("What changed", words.changed.map(bullet)),
    ...findingSections(run),
    questionsSection(words),
    collapsed("Timeline", timeline(run, context.earlier)),
  ];
  return fitting(body.filter((part) => part !== ""));
}

function fitting(parts: readonly string[]): string {
  const kept: string[] = [];
  let left = bodyLimit - 100;
  let dropped = 0;
  for (const part of parts) {
    if (part.length + 2 > left) dropped += 1;
    else {
      kept.push(part);
      left -= part.length + 2;
    }
  }
  return [
    ...kept,
    ...(dropped === 0 ? [] : [`${dropped} longer sections were left out; --json has all.`]),
  ].join("\n\n");
}

function statusLine(run: Investigation, words: Words, context: CommentContext): string {
  const severity = words.severity === null ? [] : [`Sev ${words.severity}`];
  const thread = context.thread === null ? [] : [`[Slack thread](${context.thread})`];
  const updated = run.endedAt ?? run.startedAt;
  const state =
    run.endedAt === null
      ? [`checking since ${clockTime(run.startedAt)}`]
      : [`updated ${dateTime(updated)}`];
  return [
    `**${escapeMarkdown(words.headline)}**`,
    [...severity, ...words.place.map(escapeMarkdown), ...thread, ...state].join(" · "),
  ].join("\n\n");
}

/**
 * Without people's own words: those were for the readers of their channel, to which the link leads. A ticket
 * that was still open is used again, and needs no link to itself.
 */
function seenLine({ seenBefore }: Words, ticket: string | null): string {
  if (seenBefore === null) return "";
  const others = seenBefore.links.filter(({ label }) => label !== ticket);
  const links = others.map(({ label, url }) =>
    url === null ? escapeMarkdown(label) : `[${escapeMarkdown(label)}](${url})`,
  );
  const more = links.length === 0 ? "" : `. See what helped then: ${links.join(", ")}`;
  return `**Seen before.** ${escapeMarkdown(clip(sentenceCase(seenBefore.text), 1_000))}${more}`;
}

function hypothesesTable(rows: readonly HypothesisWords[]): string {
  if (rows.length === 0) return "";
  const line = (row: HypothesisWords): string =>
    `| ${[`${row.name} (${row.id})`, row.likelihood, row.verdict, becauseOf(row)].map(cell).join(" | ")} |`;
  return [
    "| Hypothesis | Likelihood | Verdict | Because |",
    "| --- | --- | --- | --- |",
    ...rows.map(line),
  ].join("\n");
}

function becauseOf(row: HypothesisWords): string {
  const reasons = [
    ...row.for.slice(0, 2).map((line) => `+ ${line}`),
    ...row.against.slice(0, 2).map((line) => `- ${line}`),
  ];
  return reasons.length === 0 ? "no check spoke for or against it" : reasons.join("; ");
}

function criteriaList(words: Words): string {
  if (words.criteria.length === 0 || !words.criteriaApply) return "";
  const box = { met: "[x]", "not-met": "[ ]", "not-tested": "[ ]" };
  const met = words.criteria.filter(({ state }) => state === "met").length;
  return [
    `**Success criteria: ${met} of ${words.criteria.length} met**`,
    ...words.criteria.map(
      ({ text, state }) =>
        `- ${box[state]} ${escapeMarkdown(text)}${state === "not-tested" ? " (not tested)" : ""}`,
    ),
  ].join("\n");
}

const signs = { ok: "ok", degraded: "degraded", failing: "**failing**" } as const;

function findingSections(run: Investigation): readonly string[] {
  return run.plan.priorities.flatMap((priority) => {
    const rows = run.findings.filter(({ check }) => priority.checks.includes(check));
    if (rows.length === 0) return [];
    const faults = rows.filter(({ status }) => status !== "ok").length;
    const title = `Priority ${priority.level}, ${priority.title}: ${rows.length} of ${priority.checks.length} checked, ${faults} not as it should be`;
    return [collapsed(title, rows.map(findingLine))];
  });
}

function findingLine(finding: Finding): string {
  const seen = finding.evidence
    .slice(0, 3)
    .map(
      ({ label, seen: what, wanted }) =>
        `${label}: ${what}${wanted === undefined ? "" : ` (wanted ${wanted})`}`,
    );
  const more = seen.length === 0 ? "" : `; ${clip(seen.join("; "), 400)}`;
  return `- ${signs[finding.status]} ${finding.check}: ${escapeMarkdown(clip(`${finding.summary}${more}`, 1_000))}`;
}

function questionsSection(words: Words): string {
  if (words.questions.length === 0) return "";
  const answered = words.questions.filter(({ answer }) => answer !== null).length;
  return collapsed(
    `Key questions (${answered} of ${words.questions.length} answered)`,
    words.questions.map(({ question, answer }) => bullet(`${question} ${answer ?? "Not known."}`)),
  );
}

const timeline = (run: Investigation, earlier: readonly Investigation[]): readonly string[] =>
  [...earlier, run].flatMap((row) => {
    const started = `- ${dateTime(row.startedAt)}: check started (${row.asker.door})`;
    if (row.endedAt === null) return [started];
    return [started, `- ${dateTime(row.endedAt)}: ${escapeMarkdown(headlineOf(row))}`];
  });

const numbered = (title: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ""
    : [
        title,
        ...lines.map((line, index) => `${index + 1}. ${escapeMarkdown(clip(line, 1_000))}`),
      ].join("\n");
const bullet = (line: string): string => `- ${escapeMarkdown(clip(line, 1_000))}`;
const bullets = (title: string, lines: readonly string[], none: string): readonly string[] =>
  lines.length === 0 ? [`${title}: ${none}.`, ""] : [`${title}:`, "", ...lines.map(bullet), ""];
/** Collapsed in Linear; lines that are too many are counted instead. */
function collapsed(title: string, lines: readonly string[]): string {
  const kept: string[] = [];
  let left = sectionLimit;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const more = lines.length === kept.length ? [] : [`- ... and ${lines.length - kept.length} more`];
  return [`+++ ${escapeMarkdown(clip(title, 300))}`, "", ...kept, ...more, "", "+++"].join("\n");
}
const cell = (text: string): string => escapeMarkdown(clip(text, 400)) || " ";

/** One line of text that Markdown shows as it is. An underscore inside a word emphasises nothing. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*{}[\]<>#|~!]/gu, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gu, "\\_")
    .replace(/^([+-])/u, "\\$1")
    .replace(/^(\d+)\.(?=\s|$)/u, "$1\\.");
}
