/** What no single key can tell: names that have to exist, or to be each other's only. */
import type { Model } from "#core/config.ts";
import { listed, nearest } from "#core/nearest.ts";
import { environmentProblem } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { CatalogueContext } from "./service.ts";
import { childPath, locate } from "./source-tree.ts";
import type { Tree } from "./source-tree.ts";

/** What its service lacks, a model lacks as well: said once, of the service. */
export function isInherited(
  problem: Problem,
  id: string,
  service: string,
  said: readonly Problem[],
): boolean {
  const prefix = childPath("models", id);
  if (!problem.path.startsWith(prefix)) return false;
  const path = service + problem.path.slice(prefix.length);
  return said.some((other) => other.path === path && other.message === problem.message);
}

export function unknownName(
  owner: Tree,
  key: string,
  known: readonly string[],
  problems: Problem[],
): void {
  const { at, path, value } = locate(owner, [key]);
  if (value?.kind !== "scalar" || typeof value.value !== "string") {
    if (owner.kind === "map")
      problems.push({
        ...at,
        path,
        message: `expected the name of one of the ${key}s: ${listed(known, "or")}`,
      });
    return;
  }
  const meant = nearest(value.value, known);
  const hint = meant === null ? "" : `; did you mean "${meant}"?`;
  problems.push({
    ...at,
    path,
    message: `expected one of the ${key}s (${listed(known, "or")}), got ${JSON.stringify(value.value)}${hint}`,
  });
}

/** People type ids, names and aliases: each must lead to one model. */
export function checkNames(models: readonly Model[], tree: Tree, problems: Problem[]): void {
  const owners = new Map<string, string>(models.map((model) => [model.id.toLowerCase(), model.id]));
  for (const model of models) {
    const named = [
      { name: model.name, keys: ["models", model.id, "name"] },
      ...model.aliases.map((name, i) => ({ name, keys: ["models", model.id, "aliases", i] })),
    ];
    for (const { name, keys } of named) {
      const owner = owners.get(name.toLowerCase());
      if (owner === undefined) owners.set(name.toLowerCase(), model.id);
      if (owner === undefined || owner === model.id) continue;
      const { at, path } = locate(tree, keys);
      problems.push({
        ...at,
        path,
        message: `expected a name of its own, got ${JSON.stringify(name)}, which model ${owner} has`,
      });
    }
  }
}

export function checkProbeKeys(
  models: readonly Model[],
  { store, problems }: CatalogueContext,
): void {
  for (const { service } of models) {
    const { probeKey, key } = service.api;
    const value = store.secrets(probeKey);
    if (value === undefined || value.startsWith(key.prefix)) continue;
    problems.push(
      environmentProblem(
        probeKey.env,
        `expected a key that starts with "${key.prefix}"; its value is not shown`,
      ),
    );
  }
}
