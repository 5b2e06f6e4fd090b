import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { ecsConsole } from "../console.ts";

/** Images of several gigabytes take a minute or two on Fargate. */
const longestPullMs = 5 * 60_000;

const starting = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);

export const taskHealth = defineCheck({
  id: "ecs/task-health",
  question: "Are the running tasks healthy by their own health check?",
  needs: { tasks: ecsTasks },
  outcomes: {
    healthy: ok("Every task runs, and none is unhealthy by its container's own health check."),
    unhealthy: failing(
      "A container's own health check fails: the program runs and does not answer as it should.",
      "Read the log of that task; ECS will replace it before long.",
    ),
    "pull-stalls": failing(
      "A task has been pulling its image for more than five minutes: the registry does not finish sending it.",
      "See the tasks' way to the registry (network/start-reach) and the image's size; stopping the task makes ECS try again.",
    ),
    starting: degraded(
      "Tasks are on their way up and do not serve yet.",
      "Check again in a minute; where it stays, read why tasks stopped (ecs/stopped-tasks).",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "tasks"),
  judge({ tasks }, { now }) {
    if (tasks.length === 0)
      return cannotTell("there is no task to look at", "see ecs/service-running");
    const bad = tasks.filter(
      (task) =>
        task.health === "UNHEALTHY" || task.containers.some((one) => one.health === "UNHEALTHY"),
    );
    const young = tasks.filter((task) => starting.has(task.lastStatus));
    const pulling = young.filter(
      ({ pullStartedAt, pullStoppedAt }) =>
        pullStartedAt !== null &&
        pullStoppedAt === null &&
        now - Date.parse(pullStartedAt) > longestPullMs,
    );
    const evidence = tasks.slice(0, 10).map((task) => ({
      label: `task ${task.id.slice(0, 8)}`,
      seen: `${task.lastStatus}, health ${task.health ?? "UNKNOWN"}, started ${task.startedAt ?? "not yet"}`,
    }));
    if (bad.length > 0)
      return found("unhealthy", `${bad.length} of ${tasks.length} tasks unhealthy`, evidence);
    if (pulling.length > 0)
      return found(
        "pull-stalls",
        `${pulling.length} of ${tasks.length} tasks pull their image since ${pulling[0]?.pullStartedAt?.slice(11, 16) ?? ""}Z`,
        evidence,
      );
    if (young.length > 0)
      return found("starting", `${young.length} of ${tasks.length} tasks still starting`, evidence);
    const checked = tasks.filter((task) => task.health === "HEALTHY").length;
    const note = checked === 0 ? "no container health check" : `${checked} healthy`;
    return found("healthy", `${tasks.length} of ${tasks.length} tasks up, ${note}`, evidence);
  },
});
