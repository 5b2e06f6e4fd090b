import { functions } from "./functions.ts";
import { malformed } from "./tokens.ts";
import type { Reader } from "./tokens.ts";
import { compare, isTrue, toNumber, toRegExp, toText } from "./values.ts";
import type { Expression, Value } from "./values.ts";

/** Reads one expression: or, and, not, comparisons, arithmetic, functions, fields, literals. */
export const readExpression = (reader: Reader): Expression => {
  let left = readAnd(reader);
  while (reader.accept("or")) {
    const [first, second] = [left, readAnd(reader)];
    left = (row) => isTrue(first(row)) || isTrue(second(row));
  }
  return left;
};

const readAnd = (reader: Reader): Expression => {
  let left = readNot(reader);
  while (reader.accept("and")) {
    const [first, second] = [left, readNot(reader)];
    left = (row) => isTrue(first(row)) && isTrue(second(row));
  }
  return left;
};

const readNot = (reader: Reader): Expression => {
  if (!reader.accept("not")) return readComparison(reader);
  const inner = readNot(reader);
  return (row) => !isTrue(inner(row));
};

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const readComparison = (reader: Reader): Expression => {
  const left = readSum(reader);
  const negated = reader.accept("not");
  if (reader.accept("like") || reader.accept("=~")) {
    const token = reader.take();
    const test = toTextTest(token);
    return (row) => test(toText(left(row))) !== negated;
  }
  if (reader.accept("in")) {
    reader.expect("[");
    const choices: Expression[] = [];
    do choices.push(readSum(reader));
    while (reader.accept(","));
    reader.expect("]");
    return (row) => choices.some((one) => compare(left(row), one(row)) === 0) !== negated;
  }
  const operator = reader.peek();
  const order = operator?.kind === "symbol" ? orders[operator.text] : undefined;
  if (negated) throw malformed("expected like or in after not", operator?.start ?? 0);
  if (order === undefined) return left;
  reader.take();
  const right = readSum(reader);
  return (row) => {
    const [one, other] = [left(row), right(row)];
    return one !== undefined && other !== undefined && order(compare(one, other));
  };
};

const toTextTest = (token: { kind: string; text: string; flags: string; start: number }) => {
  if (token.kind === "text") return (text: string) => text.includes(token.text);
  if (token.kind !== "regex") throw malformed("expected a string or /regex/", token.start);
  const pattern = toRegExp(token.text, token.flags, token.start);
  return (text: string) => pattern.test(text);
};

const readSum = (reader: Reader): Expression => {
  let left = readProduct(reader);
  for (;;) {
    const sign = reader.accept("+") ? 1 : reader.accept("-") ? -1 : 0;
    if (sign === 0) return left;
    const [first, second] = [left, readProduct(reader)];
    left = (row) => arithmetic(first(row), second(row), (a, b) => a + sign * b);
  }
};

const readProduct = (reader: Reader): Expression => {
  let left = readTerm(reader);
  for (;;) {
    const operator = ["*", "/", "%"].find((one) => reader.accept(one));
    if (operator === undefined) return left;
    const [first, second] = [left, readTerm(reader)];
    left = (row) =>
      arithmetic(first(row), second(row), (a, b) =>
        operator === "*" ? a * b : operator === "/" ? a / b : a % b,
      );
  }
};

const arithmetic = (left: Value, right: Value, run: (a: number, b: number) => number): Value => {
  const result = run(toNumber(left), toNumber(right));
  return Number.isFinite(result) ? result : undefined;
};

const readTerm = (reader: Reader): Expression => {
  if (reader.accept("(")) {
    const inner = readExpression(reader);
    reader.expect(")");
    return inner;
  }
  const token = reader.take();
  if (token.kind === "number") return () => Number(token.text);
  if (token.kind === "text") return () => token.text;
  if (token.kind !== "word") throw malformed(`unexpected symbol ${token.text}`, token.start);
  if (!reader.accept("(")) return (row) => row.get(token.text);
  const name = token.text.toLowerCase();
  if (name === "bin") return readBin(reader);
  const args: Expression[] = [];
  if (!reader.accept(")")) {
    do args.push(readExpression(reader));
    while (reader.accept(","));
    reader.expect(")");
  }
  const run = functions[name];
  if (run === undefined) throw malformed(`unknown function ${token.text}`, token.start);
  return (row) => run(args.map((one) => one(row)));
};

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** bin(5m): the start of the period in which the event lies. The default is 1h. */
const readBin = (reader: Reader): Expression => {
  let size: number | undefined = 3_600_000;
  if (!reader.accept(")")) {
    const token = reader.take();
    const match = /^(?<count>\d+)(?<unit>ms|s|m|h|d|w)/u.exec(token.text);
    const unit = unitMs[match?.groups?.["unit"] ?? ""];
    if (unit === undefined) throw malformed(`invalid period ${token.text}`, token.start);
    size = Number(match?.groups?.["count"]) * unit;
    reader.expect(")");
  }
  const period = size;
  return (row) => new Date(Math.floor(toNumber(row.get("@timestamp")) / period) * period);
};
