import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A type reference as GraphQL writes it: "String!", "[Issue!]!". */
export interface Reference {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
}

export type Declaration =
  | { readonly kind: "enum"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "union"; readonly members: readonly string[] }
  | {
      /** "arguments" are the inputs of one field; they are no types of the schema. */
      readonly kind: "object" | "interface" | "input";
      readonly interfaces: readonly string[];
      readonly fields: Readonly<Record<string, Reference>>;
    };

export interface Declarations {
  readonly scalars: readonly string[];
  readonly types: ReadonlyMap<string, Declaration>;
}

/**
 * Reads the schema of Linear's API out of the type declarations that @linear/sdk ships: they are
 * generated from it and keep names, lists and nullability (`Maybe` is nullable, `Array` a list).
 */
export function readDeclarations(): Declarations {
  const source = generatedTypes();
  const scalars = [...between(source, "type Scalars = {\n", "\n};").matchAll(/^ {2}(\w+):/gm)];
  const bodies = new Map<string, { readonly parents: readonly string[]; readonly body: string }>();
  const types = new Map<string, Declaration>();

  for (const match of source.matchAll(/^type (\w+) = ((?:\w+ & )*)\{\n([^]*?)^\};$/gm)) {
    const [, name = "", parents = "", body = ""] = match;
    if (name !== "Scalars") bodies.set(name, { parents: parents.match(/\w+/g) ?? [], body });
  }
  const interfaces = new Set([...bodies.values()].flatMap(({ parents }) => parents));
  for (const [name, { parents, body }] of bodies) {
    const kind = interfaces.has(name)
      ? "interface"
      : /^ {2}__typename\?/m.test(body)
        ? "object"
        : "input";
    const root = name === "Query" || name === "Mutation" || name === "Subscription";
    types.set(name, { kind: root ? "object" : kind, interfaces: parents, fields: toFields(body) });
  }
  for (const [, name = "", members = ""] of source.matchAll(
    /^type (\w+) = (\w+(?: \| \w+)+);$/gm,
  )) {
    types.set(name, { kind: "union", members: members.split(" | ") });
  }
  for (const [, name = "", body = ""] of source.matchAll(/^declare enum (\w+) \{\n([^]*?)^\}$/gm)) {
    const values = [...body.matchAll(/^ {2}(\w+) = "([^"]*)"/gm)];
    types.set(name, {
      kind: "enum",
      values: Object.fromEntries(values.map(([, key = "", value = ""]) => [key, value])),
    });
  }
  return { scalars: scalars.map(([, name = ""]) => name), types };
}

/** The part of the declarations before the first operation: the schema's own types. */
function generatedTypes(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve("@linear/sdk")));
  const name = readdirSync(folder).find((file) => /^index-.*\.d\.mts$/.test(file));
  if (name === undefined)
    throw new Error("the type declarations of @linear/sdk are not where they were");
  const text = readFileSync(join(folder, name), "utf8");
  const end = text.search(/^type \w+Fragment = /m);
  return end < 0 ? text : text.slice(0, end);
}

function toFields(body: string): Record<string, Reference> {
  const fields: Record<string, Reference> = {};
  for (const [, name = "", type = ""] of body.matchAll(
    /^ {2}(\w+)\??: ([^;{("]+(?:"[^"]*"\])?>*);$/gm,
  )) {
    if (name !== "__typename") fields[name] = toReference(type);
  }
  return fields;
}

function toReference(type: string): Reference {
  const nullable = /^(?:Input)?Maybe<(.*)>$/.exec(type);
  const inner = nullable?.[1] ?? type;
  const list = /^Array<(.*)>$/.exec(inner);
  const name = (list?.[1] ?? inner).replace(/^Scalars\["(\w+)"\]$/, "$1");
  return { name, list: list !== null, required: nullable === null };
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}
