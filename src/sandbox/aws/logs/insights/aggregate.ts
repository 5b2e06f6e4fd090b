import { readExpression } from "./expression.ts";
import { malformed } from "./tokens.ts";
import type { Reader } from "./tokens.ts";
import { compare, toNumber, toText } from "./values.ts";
import type { Expression, Row, Value } from "./values.ts";

export type Aggregate = (rows: readonly Row[]) => Value;

type Build = (values: Expression, extra: Expression | undefined) => Aggregate;

const present = (rows: readonly Row[], values: Expression): Value[] =>
  rows.map(values).filter((one) => one !== undefined);

const numbers = (rows: readonly Row[], values: Expression): number[] =>
  rows
    .map((row) => toNumber(values(row)))
    .filter((one) => !Number.isNaN(one))
    .toSorted((left, right) => left - right);

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

/** An aggregate of times is in epoch milliseconds: fromMillis() makes it a time again. */
const plain = (value: Value): Value => (value instanceof Date ? value.getTime() : value);

const byTime = (rows: readonly Row[]): Row[] =>
  rows.toSorted((left, right) => compare(left.get("@timestamp"), right.get("@timestamp")));

const builders: Readonly<Record<string, Build>> = {
  count: (values) => (rows) => present(rows, values).length,
  count_distinct: (values) => (rows) => new Set(present(rows, values).map(toText)).size,
  sum: (values) => (rows) => sum(numbers(rows, values)),
  avg: (values) => (rows) => {
    const list = numbers(rows, values);
    return list.length === 0 ? undefined : sum(list) / list.length;
  },
  min: (values) => (rows) => plain(present(rows, values).toSorted(compare)[0]),
  max: (values) => (rows) => plain(present(rows, values).toSorted(compare).at(-1)),
  pct: (values, percent) => (rows) => {
    const list = numbers(rows, values);
    const share = toNumber(percent?.(new Map()));
    return list[Math.max(0, Math.ceil((share / 100) * list.length) - 1)];
  },
  earliest: (values) => (rows) => plain(present(byTime(rows), values)[0]),
  latest: (values) => (rows) => plain(present(byTime(rows), values).at(-1)),
};

/** Reads `count(*)`, `pct(field, 95)`, ... */
export const readAggregate = (reader: Reader): Aggregate => {
  const token = reader.take();
  const build = builders[token.text.toLowerCase()];
  if (build === undefined) throw malformed(`unknown aggregate ${token.text}`, token.start);
  reader.expect("(");
  if (reader.accept("*")) {
    reader.expect(")");
    return build(() => 1, undefined);
  }
  if (reader.accept(")")) return build(() => 1, undefined);
  const values = readExpression(reader);
  const extra = reader.accept(",") ? readExpression(reader) : undefined;
  reader.expect(")");
  return build(values, extra);
};
