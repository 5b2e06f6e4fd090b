import { optionalNumber, optionalText } from "../call.ts";
import type { AwsCall } from "../call.ts";
import { invalidInput } from "../error.ts";
import type { AwsError } from "../error.ts";
import { sizeWithin, toPage } from "../paging.ts";
import type { Page } from "../paging.ts";

/** Those named by ARN or by name, or all; one that does not exist fails the whole call. */
export const selected = <Item extends { arn: string; name?: string }>(
  items: readonly Item[],
  wanted: { arns: readonly string[]; names: readonly string[]; missing: AwsError },
): Item[] => {
  const { arns, names } = wanted;
  const exists = (test: (item: Item) => boolean): boolean => items.some(test);
  if (
    !arns.every((arn) => exists((one) => one.arn === arn)) ||
    !names.every((name) => exists((one) => one.name === name))
  ) {
    throw wanted.missing;
  }
  if (arns.length === 0 && names.length === 0) return [...items];
  return items.filter(
    (one) => arns.includes(one.arn) || (one.name !== undefined && names.includes(one.name)),
  );
};

export const pageOf = <Item>(call: AwsCall, items: readonly Item[]): Page<Item> => {
  const size = sizeWithin(
    optionalNumber(call, "PageSize"),
    400,
    400,
    invalidInput(call.api, "PageSize must be between 1 and 400"),
  );
  const invalid = invalidInput(call.api, "The marker is not valid");
  return toPage(items, optionalText(call, "Marker"), size, invalid);
};

export const toAttributes = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
