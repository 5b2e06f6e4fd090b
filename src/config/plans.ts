/** plans/*.yaml to validated plans. hypotheses.yaml is what they share. docs/plans.md is the manual. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "#core/errors.ts";
import type { Plan } from "#core/plan.ts";
import { buildLibrary, buildPlan, emptyLibrary } from "./plan-build.ts";
import type { Library } from "./plan-build.ts";
import { librarySchema, planSchema } from "./plan-schema.ts";
import { fileProblem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { locate, parseYaml } from "./source-tree.ts";
import type { TreeMap } from "./source-tree.ts";
import { validate } from "./validate.ts";

export { lintPlans } from "./plan-lint.ts";
export { mergePlans } from "./plan-merge.ts";

const libraryName = "hypotheses.yaml";

interface LoadedPlans {
  /** By file name; a file with problems gives none. */
  readonly plans: readonly Plan[];
  /** All of them at once, with the place and what was expected. */
  readonly problems: readonly Problem[];
}

export async function loadPlans(directory: string): Promise<LoadedPlans> {
  const problems: Problem[] = [];
  const names = await yamlFiles(directory, problems);
  if (names === null) return { plans: [], problems };
  const trees = new Map<string, TreeMap>();
  for (const name of names) {
    const tree = await readTree(join(directory, name), problems);
    if (tree !== null) trees.set(name, tree);
  }
  // What cannot be read has told its problem: each plan would tell another one of every hypothesis.
  const unreadable = names.includes(libraryName) && !trees.has(libraryName);
  const library = unreadable ? null : toLibrary(trees.get(libraryName), problems);
  const plans: Plan[] = [];
  for (const [name, tree] of trees) {
    if (name === libraryName) continue;
    const before = problems.length;
    const file = validate(planSchema, tree, problems);
    const plan =
      file === null || library === null ? null : buildPlan(file, tree, library, problems);
    if (plan === null || problems.length > before) continue;
    const taken = plans.some(({ id }) => id === plan.id);
    const { at, path } = locate(tree, ["id"]);
    if (taken)
      problems.push({ ...at, path, message: `the id "${plan.id}" is used by another plan too` });
    else plans.push(plan);
  }
  if (plans.length === 0 && problems.length === 0)
    problems.push(fileProblem(directory, "there is no plan in it"));
  return { plans, problems };
}

function toLibrary(tree: TreeMap | undefined, problems: Problem[]): Library | null {
  if (tree === undefined) return emptyLibrary;
  const before = problems.length;
  const file = validate(librarySchema, tree, problems);
  const library = file === null ? null : buildLibrary(file, tree, problems);
  return problems.length > before ? null : library;
}

async function yamlFiles(
  directory: string,
  problems: Problem[],
): Promise<readonly string[] | null> {
  try {
    return (await readdir(directory)).filter((name) => /\.ya?ml$/u.test(name)).toSorted();
  } catch (error) {
    problems.push(fileProblem(directory, `the plans cannot be read: ${messageOf(error)}`));
    return null;
  }
}

async function readTree(file: string, problems: Problem[]): Promise<TreeMap | null> {
  try {
    const parsed = parseYaml(await readFile(file, "utf8"), file);
    problems.push(...parsed.problems);
    return parsed.problems.length > 0 ? null : parsed.tree;
  } catch (error) {
    problems.push(fileProblem(file, `it cannot be read: ${messageOf(error)}`));
    return null;
  }
}
