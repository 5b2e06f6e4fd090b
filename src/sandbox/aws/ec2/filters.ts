import { optionalNumber, optionalText, structures } from "../call.ts";
import type { AwsCall } from "../call.ts";
import { AwsError } from "../error.ts";
import { sizeWithin, toPage } from "../paging.ts";

type FilterValue = string | number | boolean | undefined;

/** What a resource has under each filter name; several values where it may match any. */
export type Filterable<Item> = Readonly<
  Record<string, (item: Item) => FilterValue | readonly FilterValue[]>
>;

/** Every filter must match, any value of one will do; * and ? are wildcards. */
export const filtered = <Item>(
  call: AwsCall,
  items: readonly Item[],
  names: Filterable<Item>,
  member = "Filter",
): Item[] => {
  const filters = structures(call, member).map((filter) => {
    const name = String(filter["Name"]);
    const valuesOf = names[name];
    if (valuesOf === undefined) {
      throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
    }
    const wanted = Array.isArray(filter["Value"]) ? filter["Value"].map(String) : [];
    return { patterns: wanted.map(toPattern), valuesOf };
  });
  return items.filter((item) =>
    filters.every(({ patterns, valuesOf }) =>
      [valuesOf(item)]
        .flat()
        .some((value) => value !== undefined && patterns.some((one) => one.test(String(value)))),
    ),
  );
};

const toPattern = (value: string): RegExp => {
  const source = value
    .replaceAll(/[\\^$.|+()[\]{}]/gu, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su");
};

/** Those with the given ids, or all; one that does not exist fails the whole call. */
export const withIds = <Item>(
  items: readonly Item[],
  ids: readonly string[],
  idOf: (item: Item) => string,
  missing: { code: string; what: string },
): Item[] => {
  const absent = ids.filter((id) => !items.some((item) => idOf(item) === id));
  if (absent.length > 0) {
    const message = `The ${missing.what} '${absent.join(", ")}' does not exist`;
    throw new AwsError(missing.code, message);
  }
  return ids.length === 0 ? [...items] : items.filter((item) => ids.includes(idOf(item)));
};

/** One page under `member`, as EC2 does: everything at once where MaxResults is not given. */
export const answerPage = <Item>(
  call: AwsCall,
  member: string,
  items: readonly Item[],
  toWire: (item: Item) => unknown,
  most = 1000,
) => {
  const size = sizeWithin(
    optionalNumber(call, "MaxResults"),
    most,
    most,
    new AwsError("InvalidParameterValue", `Value for MaxResults must be between 1 and ${most}`),
  );
  const invalid = new AwsError("InvalidPaginationToken", "The pagination token is not valid");
  const page = toPage(items, optionalText(call, "NextToken"), size, invalid);
  return { [member]: page.items.map(toWire), nextToken: page.next };
};

export const nameTag = (name: string | undefined) =>
  name === undefined ? [] : [{ key: "Name", value: name }];
