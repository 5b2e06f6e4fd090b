import type {
  ActionsBlock,
  ModalView,
  PlainTextElement,
  PlainTextOption,
  RichTextElement,
  RichTextSection,
} from "@slack/types";
import { OTHER } from "#core/diagnosis.ts";
import {
  causesOf,
  claimedCauses,
  noteLimit,
  NOTHING,
  standing,
  type Cause,
  type Feedback,
} from "#core/feedback.ts";
import type { Investigation } from "#core/investigation.ts";
import type { Plan } from "#core/plan.ts";
import { causeTitle, feedbackWords } from "../feedback.ts";
import { clip, dateTime, oneLine } from "../phrases.ts";
import { isUserId } from "./message.ts";
import { bold, glue, lineLimit, plain, section, user } from "./rich-text.ts";

export const rightAction = "hokusai_feedback_right";
export const wrongAction = "hokusai_feedback_wrong";
/** The button, and the form that it opens. */
export const feedbackForm = "hokusai_feedback_form";

/** The fields of the form, by block and action. */
export const formFields = { causes: "causes", note: "note" } as const;

/** Slack's limits of a menu, and options up to which claims stand below names: a message takes 12,000 characters. */
const menu = { options: 100, text: 75, described: 40 } as const;

/** What a verdict's message and its form carry: which run they are about, and where it was said. */
export interface FeedbackSubject {
  readonly incident: string;
  readonly run: string;
  /** Channel and thread of the message; only the form needs them. */
  readonly channel?: string;
  readonly thread?: string;
}

export const toSubjectText = (
  subject: FeedbackSubject,
  more: Record<string, string> = {},
): string => new URLSearchParams({ ...subject, ...more }).toString();

export function readSubject(text: string): FeedbackSubject {
  const fields = new URLSearchParams(text);
  const [channel, thread] = [fields.get("channel"), fields.get("thread")];
  return {
    incident: fields.get("incident") ?? "",
    run: fields.get("run") ?? "",
    ...(channel === null ? {} : { channel }),
    ...(thread === null ? {} : { thread }),
  };
}

/**
 * One click where the verdict was right, two where it was another cause; several causes or a note take a
 * form. They stay for corrections. The block's id changes with each word given: a client that keeps the
 * last choice of a menu would not send the same choice again.
 */
export function feedbackControls(
  run: Investigation,
  incident: string,
  given: readonly Feedback[],
): ActionsBlock {
  const claimed = claimedCauses(run.diagnosis);
  const button = (text: string, action: string) => ({
    type: "button" as const,
    text: { type: "plain_text" as const, text },
    action_id: action,
  });
  const others = causesOf(run).filter(({ id }) => claimed?.length !== 1 || claimed[0] !== id);
  return {
    type: "actions",
    block_id: toSubjectText({ incident, run: run.id }, { given: `${given.length}` }),
    elements: [
      ...(claimed === null ? [] : [button("Right", rightAction)]),
      {
        type: "static_select",
        action_id: wrongAction,
        placeholder: {
          type: "plain_text",
          text: claimed === null ? "It was ..." : "Wrong, it was ...",
        },
        options: toOptions(others, claimed?.length !== 0),
      },
      // A button: a form that was cancelled could not be chosen from the menu a second time.
      button("Several causes, or a note", feedbackForm),
    ],
  };
}

/** Who said what, the last word first, as a line under the verdict. */
export function feedbackLine(
  run: Investigation,
  given: readonly Feedback[],
): RichTextSection | null {
  const [last, ...before] = standing(given).toReversed();
  if (last === undefined) return null;
  const words = (one: Feedback): string =>
    clip(oneLine(feedbackWords(run.diagnosis, one.causes)), lineLimit);
  const confirms = words(last) === "right";
  return section(
    ...(confirms ? [bold("Confirmed by"), glue(" ")] : []),
    person(last),
    glue(`: ${words(last)}`),
    ...(last.note === null ? [] : [glue(", "), plain(`"${oneLine(last.note)}"`, noteLimit)]),
    glue(` (${dateTime(last.at)})`),
    ...before
      .slice(0, 3)
      .flatMap((one) => [glue(" · before that "), person(one), glue(`: ${words(one)}`)]),
  );
}

const person = ({ by }: Feedback): RichTextElement =>
  isUserId(by) ? user(by) : plain(by === "terminal" ? "somebody at a terminal" : by);

/** The form for several causes at once and a note. */
export function feedbackModal(
  run: Investigation,
  plans: readonly Plan[],
  subject: FeedbackSubject,
): ModalView {
  return {
    type: "modal",
    callback_id: feedbackForm,
    private_metadata: toSubjectText(subject),
    title: { type: "plain_text", text: "What was it?" },
    submit: { type: "plain_text", text: "Keep" },
    close: { type: "plain_text", text: "Cancel" },
    blocks: [
      {
        type: "input",
        block_id: formFields.causes,
        label: { type: "plain_text", text: "What was really the matter" },
        element: {
          type: "multi_static_select",
          action_id: formFields.causes,
          placeholder: { type: "plain_text", text: "One cause, or several at once" },
          options: toOptions(causesOf(run, plans), true),
        },
      },
      {
        type: "input",
        block_id: formFields.note,
        optional: true,
        label: { type: "plain_text", text: "Note" },
        hint: {
          type: "plain_text",
          text: "Everybody in this channel can read it, and again when it happens again. No keys and no customer data, please.",
        },
        element: {
          type: "plain_text_input",
          action_id: formFields.note,
          multiline: true,
          max_length: noteLimit,
        },
      },
    ],
  };
}

function toOptions(causes: readonly Cause[], nothing: boolean): PlainTextOption[] {
  const always = [
    ...(nothing ? [option(NOTHING, "Nothing was wrong", "it worked when it was looked at")] : []),
    option(OTHER, causeTitle(OTHER), "a cause that is not in this list"),
  ];
  const described = causes.length <= menu.described;
  return [
    ...causes
      .slice(0, menu.options - always.length)
      .map(({ id, claim }) => option(id, causeTitle(id), described ? claim : null)),
    ...always,
  ];
}

const option = (value: string, text: string, description: string | null): PlainTextOption => ({
  value,
  text: menuText(text),
  ...(description === null ? {} : { description: menuText(description) }),
});

const menuText = (text: string): PlainTextElement => ({
  type: "plain_text",
  text: clip(oneLine(text), menu.text) || " ",
});
