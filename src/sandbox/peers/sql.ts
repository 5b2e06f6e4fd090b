/** As much SQL as asking about deployed_models takes: SELECT with equality conditions, and session statements. */
import type { DeployedModel, WorldState } from "../world/state.ts";

export interface SqlResult {
  /** `type` is the OID of the Postgres type. */
  columns: { name: string; type: number }[];
  rows: (string | null)[][];
  tag: string;
}

export class SqlError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const oids = { bool: 16, int8: 20, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;

interface Column {
  type: number;
  read(row: DeployedModel): string;
}

const columns: Record<string, Column> = {
  id: { type: oids.uuid, read: (row) => row.id },
  model_id: { type: oids.text, read: (row) => row.modelId },
  status: { type: oids.text, read: (row) => row.status },
  created_at: { type: oids.timestamptz, read: (row) => timestamp(row.createdAt) },
};

const timestamp = (ms: number): string =>
  new Date(ms).toISOString().replace("T", " ").replace("Z", "+00");

const columnNamed = (name: string): Column => {
  const column = columns[name];
  if (column === undefined) throw new SqlError("42703", `column "${name}" does not exist`);
  return column;
};

const bare = (text: string): string =>
  text
    .replaceAll('"', "")
    .replace(/^.*\./, "")
    .replace(/::\w+$/, "")
    .trim()
    .toLowerCase();

export const runSql = (state: WorldState, sql: string, values: (string | null)[]): SqlResult => {
  const statement = sql.trim().replace(/\s+/g, " ").replace(/;$/, "");
  const command = /^\w+/.exec(statement)?.[0].toUpperCase() ?? "";
  if (command === "START") return { columns: [], rows: [], tag: "START TRANSACTION" };
  if (["BEGIN", "COMMIT", "END", "ROLLBACK", "SET", "RESET", "DISCARD"].includes(command)) {
    return { columns: [], rows: [], tag: command === "END" ? "COMMIT" : command };
  }
  if (command === "SHOW") {
    const name = bare(statement.slice(5));
    return { columns: [{ name, type: oids.text }], rows: [["on"]], tag: "SHOW" };
  }
  if (command !== "SELECT") {
    if (["INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"].includes(command)) {
      throw new SqlError("42501", "permission denied for table deployed_models");
    }
    throw new SqlError("42601", `syntax error at or near "${command.toLowerCase()}"`);
  }
  const constant = /^SELECT (\d+)(?: AS (\w+))?$/i.exec(statement);
  if (constant !== null) {
    return {
      columns: [{ name: constant[2] ?? "?column?", type: oids.int4 }],
      rows: [[constant[1] ?? ""]],
      tag: "SELECT 1",
    };
  }
  return select(state, statement, values);
};

const pattern =
  /^SELECT (?<list>.+?) FROM (?<table>[\w."]+)(?: (?:AS )?(?!WHERE|ORDER|LIMIT)\w+)?(?: WHERE (?<where>.+?))?(?: ORDER BY (?<order>.+?))?(?: LIMIT (?<limit>\d+|\$\d+))?$/i;

const select = (state: WorldState, statement: string, values: (string | null)[]): SqlResult => {
  const parts = pattern.exec(statement)?.groups;
  if (parts === undefined) throw new SqlError("42601", "syntax error at end of input");
  const table = bare(parts["table"] ?? "");
  if (table !== "deployed_models")
    throw new SqlError("42P01", `relation "${table}" does not exist`);
  const { failure } = state.database;
  if (failure !== undefined) throw new SqlError(failure.code, failure.message);
  const value = (text: string): string | null => {
    const parameter = /^\$(\d+)/.exec(text.trim());
    if (parameter !== null) return values[Number(parameter[1]) - 1] ?? null;
    return text
      .trim()
      .replace(/::\w+$/, "")
      .replace(/^'(.*)'$/, "$1");
  };
  let rows = state.database.deployedModels.toSorted((a, b) => a.createdAt - b.createdAt);
  for (const condition of (parts["where"] ?? "").split(/ AND /i).filter(Boolean)) {
    const match =
      /^(?<name>[\w.":]+) ?= ?(?<any>ANY ?\()?(?<value>'[^']*'(?:::\w+)?|\$\d+(?:::[\w[\]]+)?|\w+)\)?$/i.exec(
        condition.trim(),
      )?.groups;
    if (match === undefined)
      throw new SqlError("42601", `syntax error at or near "${condition.trim()}"`);
    const column = columnNamed(bare(match["name"] ?? ""));
    const wanted = value(match["value"] ?? "");
    const list =
      match["any"] === undefined
        ? [wanted]
        : (wanted ?? "")
            .replace(/^\{|\}$/g, "")
            .replaceAll('"', "")
            .split(",");
    rows = rows.filter((row) => list.includes(column.read(row)));
  }
  if (/ DESC/i.test(parts["order"] ?? "")) rows.reverse();
  const limit = parts["limit"];
  if (limit !== undefined) rows = rows.slice(0, Number(value(limit)));
  const list = parts["list"] ?? "*";
  if (/^count ?\(/i.test(list.trim())) {
    return {
      columns: [{ name: "count", type: oids.int8 }],
      rows: [[`${rows.length}`]],
      tag: "SELECT 1",
    };
  }
  const chosen =
    list.trim() === "*"
      ? Object.entries(columns).map(([name, column]) => ({ name, column, asText: false }))
      : list.split(",").map((one) => {
          const [source = "", alias] = one.trim().split(/ AS /i);
          const name = bare(source);
          return {
            name: bare(alias ?? name),
            column: columnNamed(name),
            asText: /::(text|varchar)/i.test(source),
          };
        });
  return {
    columns: chosen.map(({ name, column, asText }) => ({
      name,
      type: asText ? oids.text : column.type,
    })),
    rows: rows.map((row) => chosen.map(({ column }) => column.read(row))),
    tag: `SELECT ${rows.length}`,
  };
};
