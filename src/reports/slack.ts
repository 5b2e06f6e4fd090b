/** Slack's messages: pure functions of a run. Doors import from here. */
export { degradations } from "./slack/degrade.ts";
export {
  feedbackForm,
  feedbackModal,
  formFields,
  readSubject,
  rightAction,
  wrongAction,
  type FeedbackSubject,
} from "./slack/feedback.ts";
export { violations } from "./slack/limits.ts";
export { toText, type SlackMessage } from "./slack/message.ts";
export { note } from "./slack/note.ts";
export { checkAgainAction, lookInsideAction, openTicketAction, rootMessage } from "./slack/root.ts";
export { detailMessages, mentionMessage } from "./slack/thread.ts";
