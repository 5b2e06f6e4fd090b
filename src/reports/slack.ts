/** Slack's messages: pure functions of a run. Doors import from here. */
export { degradations } from "./slack/degrade.ts";
export { violations } from "./slack/limits.ts";
export { toText, type SlackMessage } from "./slack/message.ts";
export { note } from "./slack/note.ts";
export { checkAgainAction, openTicketAction, rootMessage } from "./slack/root.ts";
export { detailMessages, mentionMessage } from "./slack/thread.ts";
