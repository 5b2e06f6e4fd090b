/**
 * The filter patterns of FilterLogEvents. Terms, "quoted phrases", ?any -none, %regex% and
 * `{ $.field = value }` for JSON lines. Source: CloudWatch Logs, "Filter pattern syntax".
 */
import { AwsError } from "../error.ts";
import { toJsonPattern } from "./json-pattern.ts";

export type LineTest = (line: string) => boolean;

export const invalidPattern = (detail: string): AwsError =>
  new AwsError("InvalidParameterException", detail);

export const toLineTest = (pattern: string): LineTest => {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return toJsonPattern(text);
  if (text.startsWith("[")) {
    throw invalidPattern("This server does not know space-delimited filter patterns");
  }
  if (text.startsWith("%") && text.endsWith("%") && text.length > 1) {
    const expression = toRegExp(text.slice(1, -1));
    return (line) => expression.test(line);
  }
  return toTermsTest(toTerms(text));
};

// CloudWatch takes a small regular language only: no groups, few symbols.
const allowedInRegex = /^[\w#=@/;,:\- ^$?[\]{}|\\*+.]*$/u;

const toRegExp = (source: string): RegExp => {
  if (!allowedInRegex.test(source)) throw invalidPattern(`Invalid regex in pattern '${source}'`);
  try {
    return new RegExp(source, "u");
  } catch {
    throw invalidPattern(`Invalid regex in pattern '${source}'`);
  }
};

interface Term {
  readonly sign: "" | "?" | "-";
  readonly text: string;
}

const toTerms = (text: string): Term[] => {
  const terms: Term[] = [];
  const scanner = /\s*(?<sign>[?-]?)(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>[^\s"]+))/uy;
  while (scanner.lastIndex < text.length) {
    const groups = scanner.exec(text)?.groups;
    if (groups === undefined) throw invalidPattern("Invalid filter pattern");
    const { sign, quoted, word } = groups;
    if (word !== undefined && !/^\w+$/u.test(word)) {
      throw invalidPattern(`Invalid character(s) in term '${word}'`);
    }
    terms.push({
      sign: sign === "?" || sign === "-" ? sign : "",
      text: word ?? (quoted ?? "").replaceAll(/\\(.)/gu, "$1"),
    });
  }
  return terms;
};

const toTermsTest = (terms: readonly Term[]): LineTest => {
  const every = terms.filter((one) => one.sign === "");
  const none = terms.filter((one) => one.sign === "-");
  const any = terms.filter((one) => one.sign === "?");
  return (line) =>
    every.every((one) => line.includes(one.text)) &&
    none.every((one) => !line.includes(one.text)) &&
    // Beside other terms the question mark loses its meaning and the term is not looked for.
    (any.length === 0 || any.length < terms.length || any.some((one) => line.includes(one.text)));
};
