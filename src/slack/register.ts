import type { App } from "@slack/bolt";
import { messageOf } from "#core/errors.ts";
import { checkAgainAction, openTicketAction } from "#reports/slack.ts";
import type { SlackDeps } from "./deps.ts";
import { checkAgain, openTicket } from "./listeners/actions.ts";
import { hokusaiCommand } from "./listeners/commands.ts";
import { appMention } from "./listeners/events.ts";

/** Everything that Slack can ask of us. */
export function registerSlack(app: App, deps: SlackDeps): void {
  app.command("/hokusai", hokusaiCommand(deps));
  app.event("app_mention", appMention(deps));
  app.action(checkAgainAction, checkAgain(deps));
  app.action(openTicketAction, openTicket(deps));
  app.error(async (error) => deps.onProblem(deps.redactor.text(`slack: ${messageOf(error)}`)));
}
