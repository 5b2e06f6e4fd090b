/** `{ ($.level = "ERROR") && ($.status >= 500 || $.path = "/api/*") }` over JSON lines. */
import { AwsError } from "../error.ts";
import type { LineTest } from "./pattern.ts";

type Test = (record: unknown) => boolean;

const scanner =
  /\s*(?:(?<string>"(?:[^"\\]|\\.)*")|(?<path>\$(?:\.[\w@-]+|\[\d+\])*)|(?<symbol>&&|\|\||!=|<=|>=|[(){}=<>])|(?<word>[\w.*:/%-]+))/uy;

interface Token {
  readonly kind: "string" | "path" | "symbol" | "word" | "end";
  readonly text: string;
}

const invalid = (): AwsError => new AwsError("InvalidParameterException", "Invalid filter pattern");

export const toJsonPattern = (text: string): LineTest => {
  const test = parse(tokens(text));
  return (line) => {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return false;
    }
    return typeof record === "object" && record !== null && test(record);
  };
};

const tokens = (text: string): Token[] => {
  const found: Token[] = [];
  scanner.lastIndex = 0;
  while (text.slice(scanner.lastIndex).trim() !== "") {
    const groups = scanner.exec(text)?.groups;
    if (groups === undefined) throw invalid();
    const kind = (["string", "path", "symbol", "word"] as const).find(
      (one) => groups[one] !== undefined,
    );
    if (kind === undefined) throw invalid();
    found.push({ kind, text: groups[kind] ?? "" });
  }
  return found;
};

const parse = (list: readonly Token[]): Test => {
  let at = 0;
  const peek = (): Token => list[at] ?? { kind: "end", text: "" };
  const take = (text?: string): Token => {
    const token = peek();
    if (token.kind === "end" || (text !== undefined && token.text !== text)) throw invalid();
    at += 1;
    return token;
  };
  const either = (): Test => {
    let left = both();
    while (peek().text === "||") {
      take();
      const [first, second] = [left, both()];
      left = (record) => first(record) || second(record);
    }
    return left;
  };
  const both = (): Test => {
    let left = single();
    while (peek().text === "&&") {
      take();
      const [first, second] = [left, single()];
      left = (record) => first(record) && second(record);
    }
    return left;
  };
  const single = (): Test => {
    if (peek().text === "(") {
      take("(");
      const inner = either();
      take(")");
      return inner;
    }
    const path = take();
    if (path.kind !== "path") throw invalid();
    const operator = take().text.toUpperCase();
    if (operator === "NOT") {
      take("EXISTS");
      return (record) => lookUp(record, path.text) === undefined;
    }
    const wanted = take();
    if (operator === "IS") return is(path.text, wanted.text.toUpperCase());
    return compare(path.text, operator, wanted);
  };
  take("{");
  const test = either();
  take("}");
  if (peek().kind !== "end") throw invalid();
  return test;
};

const is = (path: string, word: string): Test => {
  const value = new Map<string, unknown>([
    ["NULL", null],
    ["TRUE", true],
    ["FALSE", false],
  ]);
  if (!value.has(word)) throw invalid();
  return (record) => lookUp(record, path) === value.get(word);
};

const compare = (path: string, operator: string, wanted: Token): Test => {
  const text = wanted.kind === "string" ? String(JSON.parse(wanted.text)) : wanted.text;
  if (operator === "=" || operator === "!=") {
    const source = text.replaceAll(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`).replaceAll("*", ".*");
    const pattern = new RegExp(`^${source}$`, "su");
    return (record) => {
      const value = lookUp(record, path);
      if (value === undefined || (typeof value === "object" && value !== null)) return false;
      const shown = typeof value === "string" ? value : JSON.stringify(value);
      return pattern.test(shown) === (operator === "=");
    };
  }
  const limit = Number(text);
  if (!["<", "<=", ">", ">="].includes(operator) || !Number.isFinite(limit)) throw invalid();
  return (record) => {
    const value = lookUp(record, path);
    if (typeof value !== "number") return false;
    if (operator === "<") return value < limit;
    if (operator === "<=") return value <= limit;
    return operator === ">" ? value > limit : value >= limit;
  };
};

const lookUp = (record: unknown, path: string): unknown => {
  let value = record;
  for (const [, name, index] of path.matchAll(/\.([\w@-]+)|\[(\d+)\]/gu)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[name ?? index ?? ""];
  }
  return value;
};
