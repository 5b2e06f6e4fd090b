import type { z } from "zod";
import { createRedactor } from "#core/redact.ts";
import { nearest } from "#core/nearest.ts";
import type { Problem } from "./problem.ts";
import { childPath, locate, toPlain } from "./source-tree.ts";
import type { Tree } from "./source-tree.ts";

const redactor = createRedactor();

/** What was written, short and without anything that looks like a secret. */
function shown(tree: Tree): string {
  if (tree.kind === "map") return tree.entries.size === 0 ? "an empty map" : "a map";
  if (tree.kind === "list") return tree.items.length === 0 ? "an empty list" : "a list";
  if (tree.value === null) return "nothing";
  const text = redactor.text(JSON.stringify(tree.value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Reads the tree with a schema: the value, or null and every problem with its place. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  tree: Tree,
  problems: Problem[],
): z.output<Schema> | null {
  const read = schema.safeParse(toPlain(tree));
  if (read.success) return read.data;
  for (const issue of read.error.issues) problems.push(...toProblems(issue, tree));
  return null;
}

function toProblems(issue: z.core.$ZodIssue, tree: Tree): Problem[] {
  const { at, path, value } = locate(tree, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(" ");
    return issue.keys.map((key) => {
      const entry = value?.kind === "map" ? value.entries.get(key) : undefined;
      const meant = nearest(key, known);
      const hint =
        meant === null
          ? `the keys here are ${known.toSorted().join(", ")}`
          : `did you mean "${meant}"?`;
      return {
        ...(entry?.keyAt ?? at),
        path: entry?.value.path ?? childPath(path, key),
        message: `unknown key; ${hint}`,
      };
    });
  }
  if (issue.code === "invalid_key") {
    return [
      {
        ...at,
        path,
        message: `expected the key to be ${issue.issues[0]?.message ?? "something else"}`,
      },
    ];
  }
  if (value === undefined)
    return [{ ...at, path, message: `expected ${issue.message}, and it is missing` }];
  const quiet = issue.code === "custom" && issue.params?.["quiet"] === true;
  const got = quiet ? "something else (not shown, it may be a secret)" : shown(value);
  return [{ ...at, path, message: `expected ${issue.message}, got ${got}` }];
}
