import { malformed } from "./tokens.ts";

/** A Date is a time that is shown as one; arithmetic takes its milliseconds. */
export type Value = string | number | boolean | Date | undefined;

/** A log event, or a row that a command made: its fields by name. */
export type Row = ReadonlyMap<string, Value>;
export type Expression = (row: Row) => Value;

export const isTrue = (value: Value): boolean => value === true || value === 1;

/** Times are written "2026-11-21 20:30:00.000". */
export const toText = (value: Value): string => {
  if (value === undefined) return "";
  if (!(value instanceof Date)) return String(value);
  return value.toISOString().replace("T", " ").replace("Z", "");
};

export const toNumber = (value: Value): number =>
  value === undefined || value === "" ? Number.NaN : Number(value);

/** As numbers where both are numbers, as text otherwise; what is absent comes first. */
export const compare = (left: Value, right: Value): number => {
  const [one, other] = [toNumber(left), toNumber(right)];
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  const [a, b] = [toText(left), toText(right)];
  return a === b ? 0 : a < b ? -1 : 1;
};

/** A leading (?i) switches case off, as in the regex dialect of Insights. */
export const toRegExp = (source: string, flags: string, at: number): RegExp => {
  const insensitive = source.startsWith("(?i)");
  try {
    const wanted = insensitive || flags.includes("i") ? "i" : "";
    return new RegExp(insensitive ? source.slice("(?i)".length) : source, wanted);
  } catch {
    throw malformed(`invalid regular expression /${source}/`, at);
  }
};
