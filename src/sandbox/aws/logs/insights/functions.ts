import { toNumber, toText } from "./values.ts";
import type { Value } from "./values.ts";

/** The functions that an expression may call; bin() reads its period itself. */
export const functions: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  ispresent: ([value]) => value !== undefined,
  isempty: ([value]) => value === undefined || value === "",
  isblank: ([value]) => toText(value).trim() === "",
  strcontains: ([text, part]) => (toText(text).includes(toText(part)) ? 1 : 0),
  strlen: ([text]) => toText(text).length,
  tolower: ([text]) => toText(text).toLowerCase(),
  toupper: ([text]) => toText(text).toUpperCase(),
  trim: ([text]) => toText(text).trim(),
  concat: (values) => values.map(toText).join(""),
  coalesce: (values) => values.find((one) => one !== undefined),
  replace: ([text, from, to]) => toText(text).replaceAll(toText(from), toText(to)),
  substr: ([text, start, length]) =>
    toText(text).substr(toNumber(start), length === undefined ? undefined : toNumber(length)),
  abs: ([value]) => Math.abs(toNumber(value)),
  ceil: ([value]) => Math.ceil(toNumber(value)),
  floor: ([value]) => Math.floor(toNumber(value)),
  tomillis: ([value]) => toNumber(value),
  frommillis: ([value]) => new Date(toNumber(value)),
};
