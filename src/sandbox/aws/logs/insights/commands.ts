import { readAggregate } from "./aggregate.ts";
import { readNamed, readSortKey } from "./columns.ts";
import { readExpression } from "./expression.ts";
import { malformed } from "./tokens.ts";
import type { Reader } from "./tokens.ts";
import { compare, isTrue, toRegExp, toText } from "./values.ts";
import type { Expression, Row, Value } from "./values.ts";

export interface QueryResult {
  readonly rows: Row[];
  /** The fields to show, in order. */
  readonly columns: string[];
  /** Rows that passed the filters. */
  readonly matched: number;
}

/** One command: takes the rows so far and what is shown of them. */
export type Command = (so: QueryResult) => QueryResult;

/** What a query gives at most, and where it names no limit of its own. */
export const maxRows = 10_000;

export const commandReaders: Readonly<Record<string, (reader: Reader) => Command>> = {
  fields: (reader) => {
    const named = readNamed(reader, readExpression);
    return (so) => ({
      ...so,
      rows: so.rows.map((row) =>
        withValues(
          row,
          named.map(([name, one]) => [name, one(row)]),
        ),
      ),
      columns: [...new Set([...so.columns, ...named.map(([name]) => name)])],
    });
  },

  display: (reader) => {
    const named = readNamed(reader, readExpression);
    return (so) => ({
      ...so,
      rows: so.rows.map((row) =>
        withValues(
          row,
          named.map(([name, one]) => [name, one(row)]),
        ),
      ),
      columns: named.map(([name]) => name),
    });
  },

  filter: (reader) => {
    const test = readExpression(reader);
    return (so) => {
      const rows = so.rows.filter((row) => isTrue(test(row)));
      return { ...so, rows, matched: rows.length };
    };
  },

  parse: (reader) => {
    const source = readSourceField(reader);
    const pattern = reader.take();
    if (pattern.kind === "regex") {
      const expression = toRegExp(pattern.text, pattern.flags, pattern.start);
      return parsing(source, (text) => Object.entries(expression.exec(text)?.groups ?? {}));
    }
    if (pattern.kind !== "text") throw malformed("expected a glob or /regex/", pattern.start);
    reader.expect("as");
    const names: string[] = [];
    do names.push(reader.take().text);
    while (reader.accept(","));
    const glob = toGlob(pattern.text);
    return parsing(source, (text) =>
      (glob.exec(text) ?? []).slice(1).map((value, index) => [names[index] ?? `_${index}`, value]),
    );
  },

  stats: (reader) => {
    const aggregates = readNamed(reader, readAggregate);
    const groups = reader.accept("by") ? readNamed(reader, readExpression) : [];
    return (so) => {
      const keyed = Map.groupBy(so.rows, (row) =>
        JSON.stringify(groups.map(([, one]) => toText(one(row)))),
      );
      // Without "by" there is always one row, even over nothing.
      if (groups.length === 0 && keyed.size === 0) keyed.set("[]", []);
      const rows = [...keyed.values()].map((members) => {
        const first: Row = members[0] ?? new Map();
        return new Map<string, Value>([
          ...groups.map(([name, one]): [string, Value] => [name, one(first)]),
          ...aggregates.map(([name, one]): [string, Value] => [name, one(members)]),
        ]);
      });
      return { ...so, rows, columns: [...groups, ...aggregates].map(([name]) => name) };
    };
  },

  sort: (reader) => {
    const keys: { value: Expression; sign: number }[] = [];
    do {
      const value = readSortKey(reader);
      const sign = reader.accept("desc") ? -1 : 1;
      if (sign === 1) reader.accept("asc");
      keys.push({ value, sign });
    } while (reader.accept(","));
    return (so) => ({
      ...so,
      rows: so.rows.toSorted((left, right) => {
        for (const { value, sign } of keys) {
          const order = compare(value(left), value(right));
          if (order !== 0) return order * sign;
        }
        return 0;
      }),
    });
  },

  dedup: (reader) => {
    const named = readNamed(reader, readExpression);
    return (so) => {
      const seen = new Set<string>();
      const rows = so.rows.filter((row) => {
        const key = JSON.stringify(named.map(([, one]) => toText(one(row))));
        return seen.has(key) ? false : seen.add(key);
      });
      return { ...so, rows };
    };
  },

  limit: (reader) => {
    const token = reader.take();
    const count = Number(token.text);
    if (token.kind !== "number" || !Number.isInteger(count) || count < 1 || count > maxRows) {
      throw malformed(`limit must be between 1 and ${maxRows}`, token.start);
    }
    return (so) => ({ ...so, rows: so.rows.slice(0, count) });
  },
};

/** `parse @message ...`, or without a field: then it is @message. */
const readSourceField = (reader: Reader): string =>
  reader.peek()?.kind === "word" ? reader.take().text : "@message";

const parsing =
  (source: string, extract: (text: string) => [string, string | undefined][]): Command =>
  (so) => {
    const rows = so.rows.map((row) => withValues(row, extract(toText(row.get(source)))));
    return { ...so, rows };
  };

const toGlob = (glob: string): RegExp => {
  const parts = glob
    .split("*")
    .map((one) => one.replaceAll(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`));
  return new RegExp(parts.join("(.*?)") + (glob.endsWith("*") ? "$" : ""), "su");
};

const withValues = (row: Row, values: readonly (readonly [string, Value])[]): Row =>
  new Map([...row, ...values]);
