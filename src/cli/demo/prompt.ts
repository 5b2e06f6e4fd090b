import { createInterface } from "node:readline/promises";
import { messageOf } from "#core/errors.ts";
import type { Terminal } from "../terminal.ts";
import type { Stage } from "./stage.ts";
import { showThread, showTicket } from "./transcript.ts";

const help = [
  "What you can type:",
  "  /hokusai <anything>   as on-call, for example: /hokusai check model 21",
  "  status model 21       as customer success",
  "  @hokusai <anything>   a mention in #incidents",
  "  press check again     the button below the root message (or: press open ticket)",
  "  fault <id>, heal <id> change the offline world; faults lists them",
  "  thread, ticket        what Slack and Linear show now",
  "  help, quit",
  "",
].join("\n");

/** Takes commands until "quit", end of input or Ctrl-C. */
export async function prompt(stage: Stage, terminal: Terminal): Promise<void> {
  terminal.out(`\n${help}`);
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: terminal.interactive,
  });
  lines.setPrompt("hokusai demo> ");
  lines.prompt();
  for await (const line of lines) {
    const typed = line.trim();
    if (["quit", "exit", "q"].includes(typed)) break;
    try {
      if (typed !== "") await obey(typed, stage, terminal);
    } catch (error) {
      terminal.out(`${messageOf(error)}\n`);
    }
    lines.prompt();
  }
  lines.close();
}

async function obey(typed: string, stage: Stage, terminal: Terminal): Promise<void> {
  const { slack, sandbox } = stage;
  const [word = "", ...rest] = typed.split(/\s+/u);
  const more = rest.join(" ");
  switch (word) {
    case "help":
      terminal.out(help);
      return;
    case "thread":
      showThread(stage, terminal);
      return;
    case "ticket":
      showTicket(stage, terminal);
      return;
    case "faults":
      terminal.out(
        `${sandbox
          .listFaults()
          .map(({ id, title }) => `  ${id.padEnd(32)}${title}`)
          .join("\n")}\n`,
      );
      return;
    case "fault":
      await sandbox.inject(more);
      terminal.out(`${more} is injected. Ask again: /hokusai check model 21\n`);
      return;
    case "heal":
      await sandbox.heal(more);
      terminal.out(`${more} is healed. Ask again: /hokusai check model 21\n`);
      return;
    case "press":
      await press(more, stage);
      return;
    case "status":
      await slack.driver.slashCommand({ text: typed, user: slack.users.cs.id });
      break;
    case "@hokusai":
      await slack.driver.mention({ text: more });
      break;
    default:
      await slack.driver.slashCommand({ text: typed.replace(/^\/?hokusai\s*/u, "") });
  }
  await stage.settled();
}

async function press(button: string, stage: Stage): Promise<void> {
  const actionId = button.includes("ticket") ? "hokusai_open_ticket" : "hokusai_check_again";
  const root = stage.slack
    .messages("incidents")
    .findLast((message) => message.threadTs === null && message.ephemeralFor === null);
  if (root === undefined) throw new Error("There is no message with buttons yet.");
  await stage.slack.driver.blockAction({ message: root, actionId });
  await stage.settled();
}
