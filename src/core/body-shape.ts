/**
 * What a customer's body looks like without what is in it: names and kinds, never a value. A body of the
 * same shape can then be sent with values of ours. Pure.
 */
import { isRecord } from "./observation.ts";

export type BodyKind = "string" | "integer" | "number" | "boolean" | "null";
/** A list stands for its first element; nothing below the sixth level is kept. */
export type BodyShape = BodyKind | readonly BodyShape[] | { readonly [name: string]: BodyShape };

const deepest = 6;
const mostNames = 60;
/** Names are ours or the customer's programmers'; anything else may be a customer's value used as a name. */
const plainName = /^[A-Za-z_][\w-]{0,59}$/u;

export function bodyShape(value: unknown, depth = 0): BodyShape {
  if (Array.isArray(value))
    return value.length === 0 || depth >= deepest ? [] : [bodyShape(value[0], depth + 1)];
  if (isRecord(value)) {
    if (depth >= deepest) return {};
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, mostNames)
        .map(([name, inner]) => [
          plainName.test(name) ? name : "(another name)",
          bodyShape(inner, depth + 1),
        ]),
    );
  }
  return kindOf(value);
}

function kindOf(value: unknown): BodyKind {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return "null";
}

/** Dotted names, sorted: "inputs", "inputs.company_size". */
export const shapeNames = (shape: BodyShape, prefix = ""): readonly string[] =>
  isNamed(shape)
    ? Object.entries(shape)
        .flatMap(([name, inner]) => [`${prefix}${name}`, ...shapeNames(inner, `${prefix}${name}.`)])
        .toSorted()
    : [];

const isNamed = (shape: BodyShape | undefined): shape is { readonly [name: string]: BodyShape } =>
  typeof shape === "object" && !Array.isArray(shape);

/** Dotted names whose kind is another than in `like`: "inputs.company_size: string instead of integer". */
export function otherKinds(shape: BodyShape, like: BodyShape, prefix = ""): readonly string[] {
  if (isNamed(shape) && isNamed(like)) {
    return Object.entries(shape).flatMap(([name, inner]) => {
      const wanted = like[name];
      return wanted === undefined ? [] : otherKinds(inner, wanted, `${prefix}${name}.`);
    });
  }
  const [seen, wanted] = [wordOf(shape), wordOf(like)];
  // An example says little of whether a number may have a fraction.
  const plain = (word: string): string => (word === "integer" ? "number" : word);
  const fits = plain(seen) === plain(wanted) || wanted === "null";
  return fits ? [] : [`${prefix.slice(0, -1)}: ${seen} instead of ${wanted}`];
}

const wordOf = (shape: BodyShape): string =>
  typeof shape === "string" ? shape : Array.isArray(shape) ? "list" : "object";

const samples: Readonly<Record<BodyKind, unknown>> = {
  string: "example",
  integer: 1,
  number: 1.5,
  boolean: true,
  null: null,
};

/** A body of this shape: the value of `like` (the catalogue's) where its kind fits, else one of ours. */
export function bodyOfShape(shape: BodyShape, like: unknown): unknown {
  if (typeof shape === "string") return kindOf(like) === shape ? like : samples[shape];
  if (Array.isArray(shape)) {
    const first: unknown = Array.isArray(like) ? like[0] : undefined;
    return (shape as readonly BodyShape[]).map((inner) => bodyOfShape(inner, first));
  }
  return Object.fromEntries(
    Object.entries(shape).map(([name, inner]) => [
      name,
      bodyOfShape(inner, isRecord(like) ? like[name] : undefined),
    ]),
  );
}
