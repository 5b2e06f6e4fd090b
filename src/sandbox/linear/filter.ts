import type { ListArguments } from "./connection.ts";
import { invalid } from "./errors.ts";

type Filter = Readonly<Record<string, unknown>>;

/** A list behind a connection field, for filters that look into it. */
export interface Listing {
  (args: ListArguments): unknown;
  readonly list: () => readonly object[];
}

type Comparison = (seen: unknown, wanted: unknown) => boolean;
const lower = (value: unknown): string => String(value).toLowerCase();
const text =
  (test: (seen: string, wanted: string) => boolean): Comparison =>
  (seen, wanted) =>
    typeof seen === "string" && test(seen, String(wanted));
const order =
  (test: (difference: number) => boolean): Comparison =>
  (seen, wanted) =>
    seen !== null && test(seen === wanted ? 0 : (seen as string) < (wanted as string) ? -1 : 1);
const among = (seen: unknown, wanted: unknown): boolean =>
  (wanted as readonly unknown[]).includes(seen);

/** Every comparator of Linear's filters that works on text, numbers, flags and times. */
const comparisons: Readonly<Record<string, Comparison>> = {
  eq: (seen, wanted) => seen === wanted,
  neq: (seen, wanted) => seen !== wanted,
  in: among,
  nin: (seen, wanted) => !among(seen, wanted),
  null: (seen, wanted) => (seen === null) === wanted,
  eqIgnoreCase: (seen, wanted) => lower(seen) === lower(wanted),
  neqIgnoreCase: (seen, wanted) => lower(seen) !== lower(wanted),
  contains: text((seen, wanted) => seen.includes(wanted)),
  notContains: (seen, wanted) => !String(seen).includes(String(wanted)),
  containsIgnoreCase: text((seen, wanted) => lower(seen).includes(lower(wanted))),
  notContainsIgnoreCase: (seen, wanted) => !lower(seen).includes(lower(wanted)),
  startsWith: text((seen, wanted) => seen.startsWith(wanted)),
  startsWithIgnoreCase: text((seen, wanted) => lower(seen).startsWith(lower(wanted))),
  notStartsWith: (seen, wanted) => !String(seen).startsWith(String(wanted)),
  endsWith: text((seen, wanted) => seen.endsWith(wanted)),
  notEndsWith: (seen, wanted) => !String(seen).endsWith(String(wanted)),
  lt: order((difference) => difference < 0),
  lte: order((difference) => difference <= 0),
  gt: order((difference) => difference > 0),
  gte: order((difference) => difference >= 0),
};

/**
 * Whether a view (views.ts) satisfies a filter. The schema has checked the filter's shape; what the
 * sandbox holds no value for is refused instead of quietly matching.
 */
export function matches(view: object, filter: Filter): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    if (wanted === null || wanted === undefined) return true;
    if (key === "and") return (wanted as Filter[]).every((part) => matches(view, part));
    if (key === "or") return (wanted as Filter[]).some((part) => matches(view, part));
    const seen = (view as Readonly<Record<string, unknown>>)[key];
    if (seen === undefined) throw invalid(`the sandbox cannot filter by ${key}`);
    return holds(seen, wanted as Filter, key);
  });
}

function holds(seen: unknown, wanted: Filter, key: string): boolean {
  if (isListing(seen)) return listHolds(seen.list(), wanted);
  const value = typeof seen === "function" ? (seen as () => unknown)() : seen;
  if (value !== null && typeof value === "object") {
    const { null: absent, ...rest } = wanted;
    return absent !== true && matches(value, rest);
  }
  return Object.entries(wanted).every(([name, operand]) => {
    if (operand === null || operand === undefined) return true;
    const compare = comparisons[name];
    if (compare !== undefined) return compare(value, operand);
    // A filter on a relation that is empty here: nothing there can match.
    if (value === null) return false;
    throw invalid(`the sandbox cannot compare ${key} with ${name}`);
  });
}

function listHolds(list: readonly object[], wanted: Filter): boolean {
  return Object.entries(wanted).every(([key, operand]) => {
    if (operand === null || operand === undefined) return true;
    if (key === "some") return list.some((item) => matches(item, operand as Filter));
    if (key === "every") return list.every((item) => matches(item, operand as Filter));
    if (key === "and") return (operand as Filter[]).every((part) => listHolds(list, part));
    if (key === "or") return (operand as Filter[]).some((part) => listHolds(list, part));
    if (key === "length") return holds(list.length, operand as Filter, key);
    if (key === "null") return (list.length === 0) === operand;
    return list.some((item) => matches(item, { [key]: operand }));
  });
}

const isListing = (value: unknown): value is Listing =>
  typeof value === "function" && "list" in value;
