import { runCheck } from "#commands/check.ts";
import { vocabularyOf } from "#commands/command.ts";
import { helpText, runHelp } from "#commands/help.ts";
import { runStatus } from "#commands/status.ts";
import { announce } from "./check.ts";
import type { Question, SlackDeps } from "./deps.ts";
import { keepingRefusals } from "./inside.ts";

/** Does what somebody typed, after a slash or a mention. `prefix` is how they would type the next one. */
export async function ask(
  typed: string,
  prefix: string,
  question: Question,
  deps: SlackDeps,
): Promise<void> {
  const text = deps.redactor.text(typed);
  const warn = async (): Promise<void> => {
    if (!holdsSecret(typed, text)) return;
    await question.privately(
      "That held what looks like a key or a password. I did not keep it; please revoke it.",
    );
  };
  // Read before redaction, which may cut through a body; what a check keeps of it are names and kinds.
  const read = deps.parse(typed);
  const command = read.verb === "check" ? deps.redactor.json(read) : deps.parse(text);
  if (command.verb !== "check") await warn();
  switch (command.verb) {
    case "help":
      await question.reply(helpText(runHelp(vocabularyOf(deps.config)), prefix));
      return;
    case "misunderstood": {
      const meant =
        command.suggestion === null ? `${prefix} help` : `${prefix} ${command.suggestion}`;
      await question.reply(`${command.sentence} Try: ${meant}`);
      return;
    }
    case "status": {
      const { config, ledger, clock, ticketOf } = deps;
      const context = { config, ledger, clock, ...(ticketOf === undefined ? {} : { ticketOf }) };
      await question.reply((await runStatus(command, context)).text);
      return;
    }
    case "check": {
      const since = deps.clock.now();
      const { request, started } = await keepingRefusals(command.model, question, deps, () =>
        runCheck(command, {
          config: deps.config,
          clock: deps.clock,
          asker: { door: "slack", id: question.user },
          channel: question.channel,
          investigate: (asked) => deps.investigate({ ...asked, delivery: question.delivery }),
        }),
      );
      await question.acknowledge();
      await warn();
      await announce(request, started, since, question, deps);
    }
  }
}

/** An e-mail address is removed too, but is nothing to revoke. */
export const holdsSecret = (typed: string, redacted: string): boolean =>
  typed !== redacted && redacted.replaceAll("[email removed]", "").includes(" removed]");
