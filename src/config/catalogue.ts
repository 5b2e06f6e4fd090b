/** hokusai.yaml as a tree to the services and models of core/config.ts. */
import type { Environment, Limits, Model, Service } from "#core/config.ts";
import { checkNames, checkProbeKeys, isInherited, unknownName } from "./cross-checks.ts";
import type { Problem } from "./problem.ts";
import { modelSchema, orphanSchema, rootSchema, serviceSchema } from "./schema.ts";
import type { RootInput } from "./schema.ts";
import { toEnvironment, toModel, toService } from "./service.ts";
import type { CatalogueContext } from "./service.ts";
import { keeping, locate, overlay } from "./source-tree.ts";
import type { Tree, TreeMap } from "./source-tree.ts";
import { validate } from "./validate.ts";

export interface Catalogue {
  readonly services: readonly Service[];
  readonly models: readonly Model[];
  readonly network: RootInput["network"];
  readonly limits: Limits;
  /** As written, relative to the file that names it. */
  readonly plans: string | null;
}

/** Keys that a model has for itself: a service cannot pass them on. */
const ownKeys: ReadonlySet<string> = new Set(["name", "aliases", "service", "customerUrls"]);
const dictionaries: ReadonlySet<string> = new Set(["environments", "services", "models"]);

const isNothing = (tree: Tree): boolean => tree.kind === "scalar" && tree.value === null;

/** An overlay takes an entry out by setting it to null; a section with all its keys commented out is null too. */
function withoutRemoved(root: TreeMap): TreeMap {
  const entries = new Map(keeping(root, (_, section) => !isNothing(section)).entries);
  for (const key of dictionaries) {
    const entry = entries.get(key);
    if (entry?.value.kind !== "map") continue;
    const value = keeping(entry.value, (_, child) => !isNothing(child));
    entries.set(key, { ...entry, value });
  }
  return { ...root, entries };
}

/** Reads the whole tree; everything wrong is added to the problems, and the result is then null. */
export function readCatalogue(written: TreeMap, context: CatalogueContext): Catalogue | null {
  const { problems } = context;
  const tree = withoutRemoved(written);
  const before = problems.length;
  const root = validate(rootSchema, tree, problems);
  const environmentTree = entriesOf(tree, "environments");
  const environments = new Map<string, Environment>();
  for (const [id, input] of Object.entries(root?.environments ?? {})) {
    environments.set(id, toEnvironment(id, input, tree, context));
  }
  const checkEnvironment = (of: Tree, name: string): Environment | undefined => {
    if (!environmentTree.has(name))
      unknownName(of, "environment", [...environmentTree.keys()], problems);
    return environments.get(name);
  };

  const serviceTrees = entriesOf(tree, "services");
  const services: Service[] = [];
  for (const [id, serviceTree] of serviceTrees) {
    const input = validate(serviceSchema, serviceTree, problems);
    if (input === null) continue;
    const environment = checkEnvironment(serviceTree, input.environment);
    const service = toService(id, input, environment, serviceTree, context);
    if (service !== null) services.push(service);
  }

  const models: Model[] = [];
  for (const [id, modelTree] of entriesOf(tree, "models")) {
    const base = baseOf(modelTree, serviceTrees);
    if (base === null) {
      validate(orphanSchema, modelTree, problems);
      unknownName(modelTree, "service", [...serviceTrees.keys()], problems);
      continue;
    }
    const merged = overlay(base, modelTree);
    // The map itself belongs to the model: what nobody wrote is missing from the model.
    const whole: Tree =
      merged.kind === "map" ? { ...merged, at: modelTree.at, path: modelTree.path } : merged;
    const own: Problem[] = [];
    const input = validate(modelSchema, whole, own);
    problems.push(...own.filter((problem) => !isInherited(problem, id, base.path, problems)));
    if (input === null) continue;
    const environment = checkEnvironment(whole, input.environment);
    const service = toService(input.service, input, environment, whole, context);
    if (service !== null) models.push(toModel(id, input, service));
  }
  checkNames(models, tree, problems);
  checkProbeKeys(models, context);
  if (root !== null && models.length === 0 && problems.length === before) {
    problems.push({
      ...locate(tree, ["models"]).at,
      path: "models",
      message: "expected at least one model",
    });
  }
  if (root === null || problems.length > before) return null;
  return {
    services,
    models,
    network: root.network,
    limits: root.limits,
    plans: root.plans ?? null,
  };
}

function entriesOf(tree: TreeMap, key: string): ReadonlyMap<string, Tree> {
  const found = tree.entries.get(key)?.value;
  if (found?.kind !== "map") return new Map();
  return new Map([...found.entries].map(([id, entry]) => [id, entry.value]));
}

/** What a model inherits: its service without the keys that are the service's alone. */
function baseOf(model: Tree, services: ReadonlyMap<string, Tree>): Tree | null {
  const named = locate(model, ["service"]).value;
  const base = named?.kind === "scalar" ? services.get(String(named.value)) : undefined;
  if (base?.kind !== "map" || model.kind !== "map") return null;
  return keeping(base, (key) => !ownKeys.has(key));
}
