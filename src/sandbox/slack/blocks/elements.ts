import { flag, list, number, oneOf, optional, shape, text, typed } from "./shape.ts";
import type { Report, Shape } from "./shape.ts";
import { richText } from "./rich-text.ts";
import { anyText, plainText } from "./texts.ts";
import type { Json } from "../json.ts";

const actionId = optional(text(255));
const option = shape({
  text: anyText(75),
  value: optional(text(150)),
  description: optional(anyText(75)),
  url: optional(text(3_000)),
});
const confirm = optional(
  shape({
    title: optional(plainText(100)),
    text: anyText(300),
    confirm: optional(plainText(30)),
    deny: optional(plainText(30)),
    style: optional(oneOf("primary", "danger")),
  }),
);
const common = {
  action_id: actionId,
  confirm,
  focus_on_load: optional(flag),
  placeholder: optional(plainText(150)),
};
const dispatch = optional(shape({ trigger_actions_on: optional(list(text(255), 1, 2)) }));
const options = {
  options: optional(list(option, 1, 100)),
  option_groups: optional(
    list(shape({ label: plainText(75), options: list(option, 1, 100) }), 1, 100),
  ),
};
const either = (value: Json, pointer: string, { problem }: Report): void => {
  if ((value["options"] === undefined) === (value["option_groups"] === undefined)) {
    problem(pointer, "must have options or option_groups");
  }
};
const most = { max_selected_items: optional(number(1, 1_000)) };
const some = optional(list(option, 1, 100));
const ids = optional(list(text(255), 1, 1_000));
const conversations = {
  ...common,
  default_to_current_conversation: optional(flag),
  filter: optional(
    shape({
      include: optional(list(text(255), 1, 4)),
      exclude_bot_users: optional(flag),
      exclude_external_shared_channels: optional(flag),
    }),
  ),
};
const feedback = shape({
  text: plainText(75),
  accessibility_label: optional(text(75)),
  value: text(2_000),
});

export const button: Shape = typed(
  () => ({
    button: shape({
      text: plainText(75),
      action_id: actionId,
      value: optional(text(2_000)),
      url: optional(text(3_000)),
      style: optional(oneOf("primary", "danger")),
      accessibility_label: optional(text(75)),
      confirm,
    }),
  }),
  "card action",
);

export const image: Shape = typed(
  () => ({
    image: shape(
      {
        alt_text: text(2_000),
        image_url: optional(text(3_000)),
        slack_file: optional(shape({ id: optional(text(255)), url: optional(text(3_000)) })),
      },
      (value, pointer, { problem }) => {
        if ((value["image_url"] === undefined) === (value["slack_file"] === undefined)) {
          problem(pointer, "must have image_url or slack_file");
        }
      },
    ),
  }),
  "image",
);

/** Every element that people act on, by type. */
const elements: Readonly<Record<string, Shape>> = {
  button,
  image,
  workflow_button: shape({
    text: plainText(75),
    action_id: actionId,
    workflow: shape({
      trigger: shape({
        url: text(3_000),
        customizable_input_parameters: optional(
          list(shape({ name: text(255), value: text(3_000) }), 1, 100),
        ),
      }),
    }),
    style: optional(oneOf("primary", "danger")),
    accessibility_label: optional(text(75)),
  }),
  overflow: shape({ action_id: actionId, confirm, options: list(option, 1, 5) }),
  checkboxes: shape({ ...common, options: list(option, 1, 10), initial_options: some }),
  radio_buttons: shape({
    ...common,
    options: list(option, 1, 10),
    initial_option: optional(option),
  }),
  static_select: shape({ ...common, ...options, initial_option: optional(option) }, either),
  multi_static_select: shape({ ...common, ...options, ...most, initial_options: some }, either),
  users_select: shape({ ...common, initial_user: optional(text(255)) }),
  multi_users_select: shape({ ...common, ...most, initial_users: ids }),
  conversations_select: shape({
    ...conversations,
    initial_conversation: optional(text(255)),
    response_url_enabled: optional(flag),
  }),
  multi_conversations_select: shape({ ...conversations, ...most, initial_conversations: ids }),
  channels_select: shape({
    ...common,
    initial_channel: optional(text(255)),
    response_url_enabled: optional(flag),
  }),
  multi_channels_select: shape({ ...common, ...most, initial_channels: ids }),
  external_select: shape({
    ...common,
    initial_option: optional(option),
    min_query_length: optional(number(0, 1_000)),
  }),
  multi_external_select: shape({
    ...common,
    ...most,
    initial_options: some,
    min_query_length: optional(number(0, 1_000)),
  }),
  datepicker: shape({ ...common, initial_date: optional(text(10)) }),
  timepicker: shape({ ...common, initial_time: optional(text(5)), timezone: optional(text(255)) }),
  datetimepicker: shape({ ...common, initial_date_time: optional(number(0, 9_999_999_999)) }),
  plain_text_input: shape({
    ...common,
    initial_value: optional(text(3_000)),
    multiline: optional(flag),
    min_length: optional(number(0, 3_000)),
    max_length: optional(number(1, 3_000)),
    dispatch_action_config: dispatch,
  }),
  email_text_input: shape({
    ...common,
    initial_value: optional(text(3_000)),
    dispatch_action_config: dispatch,
  }),
  url_text_input: shape({
    ...common,
    initial_value: optional(text(3_000)),
    dispatch_action_config: dispatch,
  }),
  number_input: shape({
    ...common,
    is_decimal_allowed: flag,
    initial_value: optional(text(255)),
    min_value: optional(text(255)),
    max_value: optional(text(255)),
    dispatch_action_config: dispatch,
  }),
  rich_text_input: shape({
    ...common,
    initial_value: optional(richText),
    min_lines: optional(number(1, 100)),
    max_lines: optional(number(1, 100)),
    dispatch_action_config: dispatch,
  }),
  file_input: shape({
    action_id: actionId,
    filetypes: optional(list(text(255), 1, 100)),
    max_files: optional(number(1, 10)),
  }),
  feedback_buttons: shape({
    action_id: actionId,
    positive_button: feedback,
    negative_button: feedback,
  }),
  icon_button: shape({
    action_id: actionId,
    icon: text(255),
    text: plainText(75),
    accessibility_label: optional(text(75)),
    value: optional(text(2_000)),
    visible_to_user_ids: ids,
    confirm,
  }),
};

const only = (...types: readonly string[]): Shape =>
  typed(() => Object.fromEntries(types.map((type) => [type, elements[type] as Shape])), "element");

const selects = [
  "static_select",
  "multi_static_select",
  "users_select",
  "multi_users_select",
  "conversations_select",
  "multi_conversations_select",
  "channels_select",
  "multi_channels_select",
  "external_select",
  "multi_external_select",
];
const choices = ["checkboxes", "radio_buttons", "datepicker", "timepicker", ...selects];

export const actionElement = only(
  "button",
  "workflow_button",
  "overflow",
  "datetimepicker",
  "rich_text_input",
  ...choices,
);
export const accessory = only("button", "workflow_button", "overflow", "image", ...choices);
export const inputElement = only(
  "datetimepicker",
  "plain_text_input",
  "email_text_input",
  "url_text_input",
  "number_input",
  "rich_text_input",
  "file_input",
  ...choices,
);
export const contextAction = only("feedback_buttons", "icon_button");
