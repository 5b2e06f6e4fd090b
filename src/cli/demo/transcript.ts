import type { Terminal } from "../terminal.ts";
import type { Stage } from "./stage.ts";

const dim = (terminal: Terminal, text: string): string =>
  terminal.style.colour ? `\u001B[2m${text}\u001B[0m` : text;
const bold = (terminal: Terminal, text: string): string =>
  terminal.style.colour ? `\u001B[1m${text}\u001B[0m` : text;

const indented = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "" : `${by}${line}`))
    .join("\n");

/** Prints what people see happen in Slack, as it happens: new messages whole, edits as one line. */
export function followThread(stage: Stage, terminal: Terminal): () => void {
  return stage.slack.subscribe((event) => {
    const { message } = event;
    if (message === undefined) return;
    const time = event.at.slice(11, 19);
    const firstLine =
      stage.slack
        .renderText(message)
        .split("\n")
        .find((line) => line.trim() !== "") ?? "";
    const place = message.threadTs === null ? "#incidents" : "  in the thread";
    if (event.type === "post") terminal.out(`${dim(terminal, time)} ${place}  ${firstLine}\n`);
    if (event.type === "update")
      terminal.out(`${dim(terminal, `${time} ${place}  (edited) ${firstLine}`)}\n`);
    if (event.type === "ephemeral")
      terminal.out(`${dim(terminal, time)} only you see: ${firstLine}\n`);
  });
}

/** The thread as it stands now. */
export function showThread(stage: Stage, terminal: Terminal): void {
  terminal.out(`\n${bold(terminal, "Slack #incidents")}\n`);
  for (const message of stage.slack.messages("incidents")) {
    const text = stage.slack.renderText(message).trimEnd();
    const note = message.ephemeralFor === null ? "" : dim(terminal, "(only you see this)\n");
    terminal.out(`\n${indented(`${note}${text}`, message.threadTs === null ? "  " : "    | ")}\n`);
  }
}

/** The ticket with its living comment. */
export function showTicket(stage: Stage, terminal: Terminal): void {
  for (const issue of stage.linear
    .issues()
    .filter((row) => row.comments.length > 0 || row.attachments.length > 0)) {
    terminal.out(
      `\n${bold(terminal, `Linear ${issue.identifier}: ${issue.title}`)} ${dim(terminal, issue.state.name)}\n`,
    );
    for (const comment of issue.comments)
      terminal.out(`\n${indented(comment.body.trimEnd(), "  ")}\n`);
    for (const attachment of issue.attachments)
      terminal.out(`\n  ${attachment.title}: ${attachment.url}\n`);
  }
}
