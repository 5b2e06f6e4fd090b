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

const withoutRecord = (world: WorldState, name: string): (() => void) =>
  set(
    world.dns,
    "records",
    world.dns.records.filter((record) => record.name !== name),
  );

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
  dependency(
    "redis-encrypted",
    "Encryption in transit was switched on for the cache, and the tasks speak in the clear",
    "Redis",
    "other",
    (world) => set(world.redis, "encrypted", true),
  ),
  dependency(
    "redis-clients-full",
    "The cache has as many clients as it takes",
    "Redis",
    "other",
    (world) => set(world.redis, "clientsFull", true),
  ),
  dependency(
    "redis-replaced",
    "A cache of another kind was put in the place of Redis",
    "Redis",
    "other",
    (world) => set(world.redis, "replaced", true),
  ),
  dependency(
    "redis-name-gone",
    "The cache's record was deleted from the private zone",
    "Redis",
    "other",
    (world) => withoutRecord(world, "redis.hokusai-development.local"),
  ),
  dependency(
    "database-slots-taken",
    "Every connection slot of the database is taken",
    "database",
    "5xx",
    (world) => set(world.database, "slotsTaken", true),
  ),
  dependency(
    "database-tls-off",
    "The database was started without its certificate, and its clients want TLS",
    "database",
    "5xx",
    (world) => set(world.database, "tlsOff", true),
  ),
  dependency(
    "database-name-gone",
    "The database's record was deleted from the private zone",
    "database",
    "5xx",
    (world) => withoutRecord(world, "database.hokusai-development.local"),
  ),
  dependency(
    "database-damaged",
    "The disk below the table of deployments returns errors",
    "database",
    "5xx",
    (world) =>
      set(world.database, "failure", {
        code: "58030",
        message: 'could not read block 0 in file "base/16384/24576": Input/output error',
      }),
  ),
  mode(
    "database-recovering",
    "The database restarted and recovers",
    "database",
    (w) => w.database,
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
  mode("hub-erring", "The hub answers 503", "HuggingFace", (w) => w.hub, "erring"),
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
  mode(
    "registry-erring",
    "The registry answers errors",
    "MLflow registry",
    (w) => w.registry,
    "erring",
  ),
];
