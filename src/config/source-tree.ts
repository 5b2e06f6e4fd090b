/**
 * YAML as a tree that remembers where every value was written, so that files can be laid over one
 * another, models can inherit from services, and a problem still names its file and line.
 */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import type { Problem } from "./problem.ts";

export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Scalar = string | number | boolean | null;

/** `path` is how it was written in its own file, whatever it was merged into later. */
export type Tree =
  | {
      readonly kind: "map";
      readonly at: Spot;
      readonly path: string;
      readonly entries: ReadonlyMap<string, { readonly keyAt: Spot; readonly value: Tree }>;
    }
  | {
      readonly kind: "list";
      readonly at: Spot;
      readonly path: string;
      readonly items: readonly Tree[];
    }
  | { readonly kind: "scalar"; readonly at: Spot; readonly path: string; readonly value: Scalar };

export type TreeMap = Extract<Tree, { kind: "map" }>;

/** Aliases may repeat a value; this many values are a mistake or an attack. */
const mostValues = 20_000;

export const childPath = (path: string, key: string): string => {
  if (!/^[\w-]+$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
};

class TooMuch extends Error {}

/** Reads one YAML document; its problems are syntax only. An empty file is an empty map. */
export function parseYaml(text: string, file: string): { tree: TreeMap; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const spot = (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const empty: TreeMap = { kind: "map", at: spot(0), path: "", entries: new Map() };
  const problems = [...document.errors, ...document.warnings].map((problem): Problem => {
    const { line, column } = spot(problem.pos[0]);
    const message = `YAML cannot be read: ${problem.message.replace(/\s+/gu, " ")}`;
    return { file, line, column, path: "", message };
  });
  if (problems.length > 0) return { tree: empty, problems };
  if (document.contents === null) return { tree: empty, problems };
  try {
    const tree = toTree(document, document.contents, spot);
    if (tree.kind === "map") return { tree, problems };
    const got = tree.kind === "list" ? "a list" : "a single value";
    return {
      tree: empty,
      problems: [{ ...tree.at, path: "", message: `expected a map of settings, got ${got}` }],
    };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { tree: empty, problems: [{ ...spot(0), path: "", message: error.message }] };
  }
}

function toTree(document: Document, root: Node, spot: (offset: number) => Spot): Tree {
  let values = 0;
  const walk = (
    node: unknown,
    path: string,
    keyAt: Spot | null,
    inside: readonly unknown[],
  ): Tree => {
    values += 1;
    if (values > mostValues)
      throw new TooMuch(`expected at most ${mostValues} values, aliases included`);
    if (inside.includes(node)) throw new TooMuch(`${path}: an alias refers to what contains it`);
    if (isAlias(node)) return walk(node.resolve(document), path, keyAt, inside);
    const at = (fallback: number): Spot => keyAt ?? spot(fallback);
    const start = (node as Node | null)?.range?.[0] ?? 0;
    if (isMap(node)) {
      const entries = new Map<string, { keyAt: Spot; value: Tree }>();
      for (const pair of node.items) {
        const key = isScalar(pair.key)
          ? String(pair.key.source ?? pair.key.value)
          : String(pair.key);
        const here = spot((pair.key as Node | null)?.range?.[0] ?? start);
        const value = walk(pair.value, childPath(path, key), here, [...inside, node]);
        entries.set(key, { keyAt: here, value });
      }
      return { kind: "map", at: at(start), path, entries };
    }
    if (isSeq(node)) {
      const items = node.items.map((item, i) =>
        walk(item, `${path}[${i}]`, null, [...inside, node]),
      );
      return { kind: "list", at: at(start), path, items };
    }
    const value = isScalar(node) ? node.value : null;
    const plain = typeof value === "bigint" ? Number(value) : (value as Scalar);
    return { kind: "scalar", at: isScalar(node) ? spot(start) : at(start), path, value: plain };
  };
  return walk(root, "", null, []);
}

/** Maps whose keys belong together: the later one replaces the earlier one as a whole. */
const wholeKeys: ReadonlySet<string> = new Set(["body"]);

/** Lays `over` on `base`, key by key; lists and single values are replaced. */
export function overlay(base: Tree, over: Tree): Tree {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    const value =
      before === undefined || wholeKeys.has(key) ? entry.value : overlay(before.value, entry.value);
    entries.set(key, { keyAt: entry.keyAt, value });
  }
  return { ...base, entries };
}

/** The same tree with some entries of its top level only. */
export const keeping = (tree: TreeMap, keep: (key: string, value: Tree) => boolean): TreeMap => ({
  ...tree,
  entries: new Map([...tree.entries].filter(([key, entry]) => keep(key, entry.value))),
});

export function toPlain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(toPlain);
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

export interface Found {
  readonly at: Spot;
  readonly path: string;
  /** Undefined where nothing is written at this path: `at` is then the nearest that is. */
  readonly value: Tree | undefined;
}

/** Where a path of keys is written, or would have to be. */
export function locate(tree: Tree, keys: readonly PropertyKey[]): Found {
  let here: Tree = tree;
  for (const [depth, key] of keys.entries()) {
    const next: Tree | undefined =
      here.kind === "map"
        ? here.entries.get(String(key))?.value
        : here.kind === "list"
          ? here.items[Number(key)]
          : undefined;
    if (next === undefined) {
      const path = keys
        .slice(depth)
        .reduce<string>(
          (sofar, rest) =>
            typeof rest === "number" ? `${sofar}[${rest}]` : childPath(sofar, String(rest)),
          here.path,
        );
      return { at: here.at, path, value: undefined };
    }
    here = next;
  }
  return { at: here.at, path: here.path, value: here };
}
