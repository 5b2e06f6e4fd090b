import type { Status } from "#core/check.ts";
import type { Finding, NotRun } from "#core/finding.ts";
import type { Investigation, InvestigationEvent } from "#core/investigation.ts";
import { clip, duration, oneLine, planWords } from "./phrases.ts";
import { toWords, type HypothesisWords, type Words } from "./words.ts";

export interface TerminalStyle {
  readonly colour: boolean;
  /** Columns; longer lines are cut with a sign. Null: never cut (a pipe, a file). */
  readonly width: number | null;
}

type Ink = "bold" | "dim" | "red" | "yellow" | "green";
const codes: Readonly<Record<Ink, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };

const paint = (style: TerminalStyle, ink: Ink, text: string): string =>
  style.colour ? `\u001B[${codes[ink]}m${text}\u001B[0m` : text;

const marks: Readonly<Record<Status, readonly [mark: string, ink: Ink]>> = {
  ok: ["ok", "green"],
  degraded: ["!", "yellow"],
  failing: ["✗", "red"],
};

/** "model 21 · Sales Lead Scoring v2 · plan model-api-timeout". */
export const terminalTitle = (run: Investigation, style: TerminalStyle): string =>
  paint(
    style,
    "bold",
    oneLine(`model ${run.target.id} · ${run.target.name} · ${planWords(run.plan)}`),
  );

/** The line that an event adds while a run goes on; null for those that show nothing. */
export function terminalProgress(
  run: Investigation,
  event: InvestigationEvent,
  style: TerminalStyle,
): string | null {
  switch (event.type) {
    case "started":
      return terminalTitle(run, style);
    case "finding":
      return findingLine(run, event.finding, style);
    case "not-run":
      return notRunLine(event.notRun, style);
    case "verdict":
      return event.depth === "fast"
        ? paint(
            style,
            "bold",
            fit(style, `  ${duration(run.fastAfterMs ?? 0)}  ${toWords(run).headline}`),
          )
        : null;
    case "fact":
    case "ended":
      return null;
  }
}

function findingLine(run: Investigation, finding: Finding, style: TerminalStyle): string {
  const priority = run.plan.priorities.find(({ checks }) => checks.includes(finding.check));
  const [mark, ink] = marks[finding.status];
  const head = `  ${priority === undefined ? "  " : `P${priority.level}`}  `;
  const changed =
    finding.before === undefined ? "" : ` (was ${finding.before} at the first reading)`;
  const rest = `  ${finding.check.padEnd(30)} ${oneLine(finding.summary)}${changed}`;
  return `${head}${paint(style, ink, mark.padEnd(2))}${fit(style, rest, head.length + 2)}`;
}

const notRunLine = (row: NotRun, style: TerminalStyle): string =>
  paint(
    style,
    "dim",
    fit(style, `      -   ${row.check.padEnd(30)} not run: ${oneLine(row.detail)}`),
  );

/** What stands below the progress lines when a run has ended. Ends with a line break. */
export function terminalReport(run: Investigation, style: TerminalStyle): string {
  const words = toWords(run, null, "hokusai");
  const took = run.endedAfterMs === null ? "" : `  (${duration(run.endedAfterMs)})`;
  const lines = [
    "",
    paint(style, "bold", words.headline) + paint(style, "dim", took),
    paint(style, "dim", words.place.join(" · ")),
    words.coverageLine,
    ...seenLines(words),
    ...section(style, "What is wrong", words.wrong),
    ...section(
      style,
      "Why we say so",
      words.why.map((line, index) => `(${index + 1}) ${line}`),
    ),
    ...hypothesesOf(words, style),
    ...section(style, "Could not check, lost today", words.lost),
    ...section(style, "Never available here", words.never),
    ...section(style, "Nothing to look at now", words.moot),
    ...section(style, "What changed", [
      ...(words.chart === null ? [] : [words.chart]),
      ...words.changed,
    ]),
    ...section(
      style,
      "Next",
      words.next.map((line, index) => `${index + 1}. ${line}`),
    ),
    "",
  ];
  return lines.join("\n");
}

function seenLines({ seenBefore }: Words): readonly string[] {
  if (seenBefore === null) return [];
  const { text, note, links } = seenBefore;
  const where = links.map(({ label, url }) => (url === null ? label : `${label} ${url}`));
  return [
    [
      `Seen before: ${text}`,
      ...(note === null ? [] : [`They wrote: "${note}"`]),
      ...(where.length === 0 ? [] : [`See what helped then: ${where.join(", ")}`]),
    ].join(". "),
  ];
}

const section = (
  style: TerminalStyle,
  title: string,
  lines: readonly string[],
): readonly string[] =>
  lines.length === 0 ? [] : ["", paint(style, "bold", title), ...lines.map((line) => `  ${line}`)];

function hypothesesOf(words: Words, style: TerminalStyle): readonly string[] {
  if (words.hypotheses.length === 0) return [];
  const open = words.hypotheses.filter((row) => row.verdict !== "ruled out");
  const out = words.hypotheses.filter((row) => row.verdict === "ruled out");
  const shown = open.filter((row) => row.leads || row.likelihood !== "<1%").slice(0, 8);
  return [
    "",
    paint(style, "bold", "Hypotheses"),
    ...shown.flatMap((row) => hypothesisLines(row, style)),
    ...(open.length > shown.length
      ? [`  and ${open.length - shown.length} less likely ones (--json lists all)`]
      : []),
    ...(out.length === 0
      ? []
      : [
          paint(
            style,
            "dim",
            `  ruled out: ${out.map(({ name }) => name.toLowerCase()).join(", ")}`,
          ),
        ]),
  ];
}

function hypothesisLines(row: HypothesisWords, style: TerminalStyle): readonly string[] {
  const head = `  ${row.likelihood.padStart(4)}  ${row.name}: ${row.verdict}`;
  if (!row.leads) return [head];
  const against =
    row.against.length === 0 ? ["nothing speaks against it"] : row.against.slice(0, 4);
  return [
    paint(style, "bold", head),
    ...row.for.slice(0, 6).map((line) => `        + ${line}`),
    ...against.map((line) => `        - ${line}`),
  ];
}

const fit = (style: TerminalStyle, text: string, used = 0): string =>
  style.width === null ? text : clip(text, Math.max(40, style.width - used));
