import type { App } from "@slack/bolt";
import { messageOf } from "#core/errors.ts";
import {
  checkAgainAction,
  feedbackForm,
  lookInsideAction,
  openTicketAction,
  rightAction,
  wrongAction,
} from "#reports/slack.ts";
import type { SlackDeps } from "./deps.ts";
import { checkAgain, lookInside, openTicket } from "./listeners/actions.ts";
import { hokusaiCommand } from "./listeners/commands.ts";
import { appMention } from "./listeners/events.ts";
import {
  feedbackChosen,
  feedbackOpened,
  feedbackRight,
  feedbackSubmitted,
} from "./listeners/feedback.ts";

/** Everything that Slack can ask of us. */
export function registerSlack(app: App, deps: SlackDeps): void {
  app.command("/hokusai", hokusaiCommand(deps));
  app.event("app_mention", appMention(deps));
  app.action(checkAgainAction, checkAgain(deps));
  app.action(lookInsideAction, lookInside(deps));
  app.action(openTicketAction, openTicket(deps));
  app.action(rightAction, feedbackRight(deps));
  app.action(wrongAction, feedbackChosen(deps));
  app.action(feedbackForm, feedbackOpened(deps));
  app.view(feedbackForm, feedbackSubmitted(deps));
  app.error(async (error) => deps.onProblem(deps.redactor.text(`slack: ${messageOf(error)}`)));
}
