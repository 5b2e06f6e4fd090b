/** Environment, hokusai.yaml and plans to one validated, frozen Config. docs/configuration.md is its manual. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "#core/config.ts";
import { readCatalogue } from "./catalogue.ts";
import { catalogueFiles, displayed, plansDirectory, readCatalogueFiles } from "./files.ts";
import { configurationError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { loadPlans } from "./plans.ts";
import { createSecretStore, valueOf } from "./secrets.ts";
import type { Env } from "./secrets.ts";
import { readSettings } from "./settings.ts";
import { locate } from "./source-tree.ts";
import type { TreeMap } from "./source-tree.ts";

export interface LoadOptions {
  /** process.env of the caller; nothing else reads it. */
  readonly env: Env;
  readonly cwd: string;
  /** Catalogue files to use instead of those of HOKUSAI_CONFIG. */
  readonly files?: readonly string[];
}

/** Throws one HokusaiError("configuration") that lists every problem of environment, YAML and plans. */
export async function loadConfig({ env, cwd, files: explicit }: LoadOptions): Promise<Config> {
  const problems: Problem[] = [];
  const store = createSecretStore(env);
  const settings = readSettings(env, store, problems);
  const files = await catalogueFiles(valueOf(env, "HOKUSAI_CONFIG"), explicit, cwd);
  const tree = await readCatalogueFiles(files, cwd, problems);
  const awsRegion = settings.aws.region;
  const catalogue = tree === null ? null : readCatalogue(tree, { store, awsRegion, problems });
  const directory = await plansDirectory(
    files,
    tree === null ? null : pathIn(tree, ["plans"], cwd),
  );
  const { plans, problems: planProblems } = await loadPlans(directory);
  for (const problem of planProblems) {
    problems.push({ ...problem, file: problem.file && displayed(problem.file, cwd) });
  }
  const ca = tree === null ? null : await readableAuthority(tree, cwd, problems);
  if (catalogue === null || problems.length > 0) throw configurationError(problems);
  return deepFreeze<Config>({
    models: catalogue.models,
    services: catalogue.services,
    plans,
    sources: { files, plans: directory },
    network: { ...catalogue.network, ca },
    limits: catalogue.limits,
    settings,
    secrets: store.secrets,
    secretValues: store.values(),
  });
}

/** A path in the catalogue is relative to the file that says it. */
function pathIn(
  tree: TreeMap,
  keys: readonly string[],
  cwd: string,
): { path: string; base: string } | null {
  const { value, at } = locate(tree, keys);
  if (value?.kind !== "scalar" || typeof value.value !== "string") return null;
  return { path: value.value, base: dirname(resolve(cwd, at.file)) };
}

async function readableAuthority(
  tree: TreeMap,
  cwd: string,
  problems: Problem[],
): Promise<string | null> {
  const keys = ["network", "ca"];
  const named = pathIn(tree, keys, cwd);
  if (named === null) return null;
  const file = resolve(named.base, named.path);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text?.includes("-----BEGIN CERTIFICATE-----") !== true) {
    const { at, path } = locate(tree, keys);
    const why = text === null ? "cannot be read" : "holds no certificate";
    problems.push({
      ...at,
      path,
      message: `expected a PEM file of certificates, and ${JSON.stringify(named.path)} ${why}`,
    });
  }
  return file;
}

function deepFreeze<Value>(value: Value): Value {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
