import { AwsError } from "../../error.ts";

export interface Token {
  readonly kind: "word" | "text" | "number" | "regex" | "symbol";
  readonly text: string;
  /** Of a regex. */
  readonly flags: string;
  /** Where it stands in the query. */
  readonly start: number;
  readonly end: number;
}

export const malformed = (message: string, at = 0): AwsError =>
  new AwsError("MalformedQueryException", message, {
    fields: {
      queryCompileError: { message, location: { startCharOffset: at, endCharOffset: at } },
    },
  });

const plain =
  /(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<word>`[^`]+`|[@\w][\w@.]*)|(?<symbol>=~|!=|<=|>=|[=<>()[\],|+\-*/%])/uy;
const expression = /\/(?<regex>(?:[^/\\]|\\.)+)\/(?<flags>[a-z]*)/uy;

/** The words and signs of one Insights query; comments (# to the end of a line) are left out. */
export const toTokens = (query: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const blank = /(?:\s+|#[^\n]*)/uy;
    blank.lastIndex = at;
    const skipped = blank.exec(query);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const pattern = regexMayFollow(tokens) && query[at] === "/" ? expression : plain;
    pattern.lastIndex = at;
    const match = pattern.exec(query);
    if (match?.groups === undefined) throw malformed(`unexpected symbol at offset ${at}`, at);
    tokens.push(toToken(match.groups, at, pattern.lastIndex));
    at = pattern.lastIndex;
  }
  return tokens;
};

const toToken = (groups: Record<string, string | undefined>, start: number, end: number): Token => {
  const place = { start, end, flags: "" };
  if (groups["regex"] !== undefined) {
    return { ...place, kind: "regex", text: groups["regex"], flags: groups["flags"] ?? "" };
  }
  if (groups["text"] !== undefined) {
    const text = groups["text"].slice(1, -1).replaceAll(/\\(.)/gu, "$1");
    return { ...place, kind: "text", text };
  }
  if (groups["number"] !== undefined) return { ...place, kind: "number", text: groups["number"] };
  if (groups["word"] !== undefined) {
    return { ...place, kind: "word", text: groups["word"].replaceAll("`", "") };
  }
  return { ...place, kind: "symbol", text: groups["symbol"] ?? "" };
};

/** A slash divides, but after `like`, `=~`, and in a parse command it opens a regex. */
const regexMayFollow = (tokens: readonly Token[]): boolean => {
  const previous = tokens.at(-1)?.text.toLowerCase();
  if (previous === "like" || previous === "=~") return true;
  const command =
    tokens[tokens.findLastIndex((one) => one.text === "|" && one.kind === "symbol") + 1];
  return command?.text.toLowerCase() === "parse";
};

/** Reads tokens one by one. */
export interface Reader {
  readonly query: string;
  peek(): Token | undefined;
  take(): Token;
  /** Takes the token when its text is this one (words without regard to case). */
  accept(text: string): boolean;
  expect(text: string): void;
}

export const createReader = (query: string, tokens: readonly Token[]): Reader => {
  let at = 0;
  const reader: Reader = {
    query,
    peek: () => tokens[at],
    take: () => {
      const token = tokens[at];
      if (token === undefined) throw malformed("unexpected end of query", query.length);
      at += 1;
      return token;
    },
    accept: (text) => {
      const token = tokens[at];
      const same =
        token !== undefined &&
        (token.kind === "word" || token.kind === "symbol") &&
        token.text.toLowerCase() === text;
      if (same) at += 1;
      return same;
    },
    expect: (text) => {
      const token = tokens[at];
      if (!reader.accept(text)) {
        throw malformed(`expected ${text}, found ${token?.text ?? "the end"}`, token?.start ?? 0);
      }
    },
  };
  return reader;
};
