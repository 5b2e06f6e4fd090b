/**
 * Simple CloudWatch Logs Insights queries: fields, display, filter, parse, stats ... by, sort,
 * dedup, limit. Anything else is refused as malformed, never answered wrongly.
 */
import { commandReaders, maxRows } from "./commands.ts";
import type { Command, QueryResult } from "./commands.ts";
import { createReader, malformed, toTokens } from "./tokens.ts";
import type { Reader } from "./tokens.ts";
import type { Row } from "./values.ts";

/** Compiles a query; throws MalformedQueryException. Rows go in newest first. */
export const compileQuery = (query: string): ((rows: readonly Row[]) => QueryResult) => {
  const reader = createReader(query, toTokens(query));
  const commands: Command[] = [];
  do commands.push(readCommand(reader));
  while (reader.accept("|"));
  const rest = reader.peek();
  if (rest !== undefined) throw malformed(`unexpected symbol ${rest.text}`, rest.start);
  return (rows) => {
    let result: QueryResult = { rows: [...rows], columns: [], matched: rows.length };
    for (const command of commands) result = command(result);
    const columns = result.columns.length === 0 ? ["@timestamp", "@message"] : result.columns;
    return { ...result, columns, rows: result.rows.slice(0, maxRows) };
  };
};

const readCommand = (reader: Reader): Command => {
  const name = reader.take();
  const read = commandReaders[name.text.toLowerCase()];
  if (name.kind !== "word" || read === undefined) {
    throw malformed(`unexpected symbol ${name.text}`, name.start);
  }
  return read(reader);
};
