import { defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import { containerSecrets } from "#facts/container-secrets.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { ecsConsole } from "../console.ts";

/** Secrets are read when a task starts: one that was deleted is noticed at the next start only. */
export const secrets = defineCheck({
  id: "ecs/secrets",
  question: "Are the secrets that the next task reads there?",
  needs: { secrets: containerSecrets, tasks: ecsTasks },
  outcomes: {
    present: ok("Every secret that the task definition names is there. Its value was not read."),
    missing: failing(
      "A secret that the task definition names does not exist, or is marked for deletion: tasks cannot start.",
      "Restore the secret (it can be until its deletion date), or deploy a revision without it.",
    ),
    "next-start-fails": past(
      degraded(
        "Tasks run, and a secret they were started with is gone: the next task cannot start.",
        "Restore the secret before anything restarts.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "deployments"),
  judge({ secrets: named, tasks }) {
    const gone = named.filter((one) => !one.exists || one.deletedAt !== null);
    const evidence = named.map((one) => ({
      label: one.name,
      seen: !one.exists
        ? "no such secret"
        : one.deletedAt === null
          ? "there"
          : `deleted ${one.deletedAt}`,
      wanted: "there",
    }));
    if (gone.length === 0) return found("present", `${named.length} secrets are there`, evidence);
    const names = gone.map((one) => one.name).join(", ");
    return tasks.some((task) => task.lastStatus === "RUNNING")
      ? found("next-start-fails", `${names}: gone, and tasks still run with it`, evidence)
      : found("missing", `${names}: gone`, evidence);
  },
});
