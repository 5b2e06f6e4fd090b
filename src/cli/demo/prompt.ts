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
  "  press right           below the verdict (or: press wrong redis-down)",
  "  close                 the incident: the next question opens another, and tells of this one",
  "  fault <id>, heal <id> change the offline world; faults lists them",
  "  thread, ticket        what Slack and Linear show now",
  "  env                   settings that lead another terminal into this world",
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
  let ended = false;
  lines.once("close", () => {
    ended = true;
  });
  lines.prompt();
  for await (const line of lines) {
    const typed = line.trim();
    if (["quit", "exit", "q"].includes(typed)) break;
    try {
      if (typed !== "") await obey(typed, stage, terminal);
    } catch (error) {
      terminal.out(`${messageOf(error)}\n`);
    }
    if (!ended) lines.prompt();
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
    case "env":
      terminal.out(
        Object.entries(sandbox.env)
          .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
          .join(""),
      );
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
    case "close":
      terminal.out(
        (await stage.closeIncident())
          ? "The incident is closed. Ask again: /hokusai check model 21\n"
          : "There is no open incident yet.\n",
      );
      return;
    case "press":
      await press(more, stage);
      return;
    case "status":
      await answered(stage, () =>
        slack.driver.slashCommand({ text: typed, user: slack.users.cs.id }),
      );
      return;
    case "@hokusai":
      await answered(stage, () => slack.driver.mention({ text: more }));
      return;
    default:
      await answered(stage, () =>
        slack.driver.slashCommand({ text: typed.replace(/^\/?hokusai\s*/u, "") }),
      );
  }
}

/** How long a person waits for any answer before they believe that none comes. */
const answerWithinMs = 4_000;

/** Does it, then waits for what the bot says to it and for the run that it may have started. */
async function answered(stage: Stage, act: () => Promise<unknown>): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const timer = setTimeout(heard.resolve, answerWithinMs);
  const unsubscribe = stage.slack.subscribe(({ message }) => {
    if (message?.user === stage.slack.botUserId || message?.ephemeralFor != null) heard.resolve();
  });
  try {
    await act();
    await heard.promise;
    await stage.settled();
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}

async function press(button: string, stage: Stage): Promise<void> {
  const [name = "", value] = button.split(/\s+/u);
  const actionId =
    {
      open: "hokusai_open_ticket",
      right: "hokusai_feedback_right",
      wrong: "hokusai_feedback_wrong",
    }[name] ?? "hokusai_check_again";
  const message = stage.slack
    .messages("incidents")
    .findLast(({ blocks }) => JSON.stringify(blocks).includes(actionId));
  if (message === undefined) throw new Error("There is no message with that button yet.");
  if (name === "wrong" && value === undefined)
    throw new Error("Say what it was: press wrong redis-down (or: nothing, other).");
  const chosen = name === "wrong" && value !== undefined ? { value } : {};
  await answered(stage, () => stage.slack.driver.blockAction({ message, actionId, ...chosen }));
}
