import { flag, optional, shape, text, typed } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** Text objects; lengths are characters. */
export const plainText = (longest: number): Shape =>
  typed(
    () => ({ plain_text: shape({ text: text(longest), emoji: optional(flag) }) }),
    "text object",
  );
export const mrkdwn = (longest: number): Shape =>
  typed(
    () => ({ mrkdwn: shape({ text: text(longest), verbatim: optional(flag) }) }),
    "text object",
  );
export const anyText = (longest: number): Shape =>
  typed(
    () => ({
      plain_text: shape({ text: text(longest), emoji: optional(flag) }),
      mrkdwn: shape({ text: text(longest), verbatim: optional(flag) }),
    }),
    "text object",
  );
