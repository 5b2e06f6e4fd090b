/** Dependencies of the API that answer wrongly, or not at all. */
import type { WorldState } from "../../world/state.ts";
import { predictUrl } from "../fault.ts";
import type { Fault, Report } from "../fault.ts";
import { undoable } from "../undo.ts";

const dependency = (
  id: string,
  title: string,
  system: string,
  symptom: Report["symptom"],
  edit: (world: WorldState) => () => void,
): Fault => ({
  id,
  title,
  system,
  ...undoable(edit),
  report: { symptom, url: predictUrl, method: "POST", minutesAgo: 20 },
});

/** Sets one value; gives what puts the old one back. */
const set = <Owner extends object, Key extends keyof Owner>(
  owner: Owner,
  key: Key,
  next: Owner[Key],
): (() => void) => {
  const before = owner[key];
  owner[key] = next;
  return () => void (owner[key] = before);
};

type Mode = WorldState["redis"]["mode"];
const mode = (
  id: string,
  title: string,
  system: string,
  owner: (world: WorldState) => { mode: Mode },
  to: Mode,
): Fault => dependency(id, title, system, "5xx", (world) => set(owner(world), "mode", to));

export const dependencyFaults: readonly Fault[] = [
  dependency(
    "redis-full",
    "The cache is full and evicts nothing, so writes fail",
    "Redis",
    "other",
    (world) => set(world.redis, "full", true),
  ),
  dependency(
    "redis-password",
    "The cache's password was changed, and the tasks have the old one",
    "Redis",
    "other",
    (world) => set(world.redis, "password", "another-one"),
  ),
  mode(
    "redis-hanging",
    "The cache accepts connections and never answers",
    "Redis",
    (w) => w.redis,
    "hanging",
  ),
  mode(
    "redis-loading",
    "The cache is loading its data set and answers errors",
    "Redis",
    (w) => w.redis,
    "erring",
  ),
  mode(
    "database-hanging",
    "The database accepts connections and never answers",
    "database",
    (w) => w.database,
    "hanging",
  ),
  dependency(
    "database-password",
    "The database's password was changed, and the tasks have the old one",
    "database",
    "5xx",
    (world) => set(world.database, "password", "another-one"),
  ),
  mode(
    "auth-stopped",
    "The auth service refuses connections",
    "auth service",
    (w) => w.auth,
    "stopped",
  ),
  mode("auth-erring", "The auth service answers 500", "auth service", (w) => w.auth, "erring"),
  mode("hub-stopped", "The hub refuses connections", "HuggingFace", (w) => w.hub, "stopped"),
  dependency(
    "hub-repository-gone",
    "The model's repository was deleted from the hub",
    "HuggingFace",
    "5xx",
    (world) => set(world.hub, "repositories", []),
  ),
  dependency(
    "model-not-deployed",
    "The row of model 21 says that it failed to deploy",
    "deployed_models table",
    "other",
    (world) =>
      set(
        world.database,
        "deployedModels",
        world.database.deployedModels.map((row) =>
          row.modelId === "21" ? { ...row, status: "failed" } : row,
        ),
      ),
  ),
  dependency(
    "model-deployed-twice",
    "Model 21 has two rows that are marked as deployed",
    "deployed_models table",
    "other",
    (world) =>
      set(world.database, "deployedModels", [
        ...world.database.deployedModels,
        {
          id: "77d0c2de-61f5-4a9e-bf0c-3b1f6d1e0021",
          modelId: "21",
          status: "deployed",
          createdAt: world.now() - 600_000,
        },
      ]),
  ),
  dependency(
    "registry-model-gone",
    "The model was deleted from the registry",
    "MLflow registry",
    "other",
    (world) => set(world.registry, "models", []),
  ),
];
