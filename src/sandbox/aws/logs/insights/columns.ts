import { readAggregate } from "./aggregate.ts";
import { readExpression } from "./expression.ts";
import type { Reader } from "./tokens.ts";
import type { Expression } from "./values.ts";

/** `expression as name, ...`; without a name its own text is the name, as in "count(*)". */
export const readNamed = <One>(reader: Reader, read: (reader: Reader) => One): [string, One][] => {
  const named: [string, One][] = [];
  do {
    const start = reader.peek()?.start ?? 0;
    const one = read(reader);
    const end = reader.peek()?.start ?? reader.query.length;
    const own = reader.query
      .slice(start, end)
      .replace(/#[^\n]*/gu, "")
      .trim()
      .replaceAll("`", "");
    named.push([reader.accept("as") ? reader.take().text : own, one]);
  } while (reader.accept(","));
  return named;
};

/** A column that an earlier stats named by its text can be sorted by that text again. */
export const readSortKey = (reader: Reader): Expression => {
  const start = reader.peek()?.start ?? 0;
  const first = reader.peek()?.text.toLowerCase() ?? "";
  const isAggregate = /^(?:count|count_distinct|sum|avg|min|max|pct|earliest|latest)$/u.test(first);
  const computed = isAggregate ? undefined : readExpression(reader);
  if (isAggregate && readsAsField(reader)) readAggregate(reader);
  else if (isAggregate) reader.take();
  const end = reader.peek()?.start ?? reader.query.length;
  const own = reader.query.slice(start, end).trim().replaceAll("`", "");
  return (row) => (row.has(own) ? row.get(own) : computed?.(row));
};

/** Whether the word ahead is called, "count(*)", or is a column of that name. */
const readsAsField = (reader: Reader): boolean => {
  const token = reader.peek();
  return token !== undefined && /^\s*\(/u.test(reader.query.slice(token.end));
};
