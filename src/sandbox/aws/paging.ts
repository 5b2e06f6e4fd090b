import type { AwsError } from "./error.ts";

export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** The page of `items` that starts where `token` says; tokens are opaque to callers. */
export const toPage = <Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
  invalid: AwsError,
): Page<Item> => {
  const start = token === undefined ? 0 : offsetOf(token, invalid);
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? tokenOf(end) : undefined,
  };
};

export const tokenOf = (offset: number): string =>
  Buffer.from(JSON.stringify({ offset })).toString("base64url");

export const offsetOf = (token: string, invalid: AwsError): number => {
  const match = /^\{"offset":(\d+)\}$/u.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match === null) throw invalid;
  return Number(match[1]);
};

/** A page size within 1 and `max`, `fallback` when not given. */
export const sizeWithin = (
  wanted: number | undefined,
  fallback: number,
  max: number,
  invalid: AwsError,
): number => {
  if (wanted === undefined) return fallback;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > max) throw invalid;
  return wanted;
};
