import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { targetHealth } from "#facts/target-health.ts";
import { serviceGroups } from "#facts/target-group/service-groups.ts";
import { targetGroupConsole } from "../console.ts";

export const targetsMatchTasks = defineCheck({
  id: "load-balancer/targets-match-tasks",
  question: "Are the registered targets the running tasks?",
  needs: { health: targetHealth, tasks: ecsTasks },
  outcomes: {
    match: ok("The targets are exactly the addresses of the running tasks."),
    stale: degraded(
      "Addresses are registered that belong to no running task: requests to them fail.",
      "Deregister them; find out what registers targets beside ECS.",
    ),
    missing: failing(
      "Running tasks are not registered: they get no request.",
      "See that the service names this target group, then force a new deployment.",
    ),
  },
  noise: "read",
  consoleLink: targetGroupConsole,
  judge({ health, tasks }) {
    const groups = serviceGroups(health, tasks);
    if (groups.length === 0) {
      return cannotTell(
        "the service is linked to no target group that we can see",
        "see identity/chain",
      );
    }
    const running = tasks
      .filter((task) => task.lastStatus === "RUNNING")
      .flatMap((task) => task.addresses[0] ?? []);
    const live = new Set(tasks.flatMap((task) => task.addresses));
    const judged = groups.map((group) => {
      const registered = group.targets
        .filter((one) => one.state !== "draining")
        .map((one) => one.id);
      return {
        name: group.name,
        stale: registered.filter((id) => !live.has(id)),
        missing: running.filter((address) => !registered.includes(address)),
        count: registered.length,
      };
    });
    const evidence = judged.map((one) => ({
      label: one.name,
      seen: `${one.count} registered; stale: ${one.stale.join(", ") || "none"}; missing: ${one.missing.join(", ") || "none"}`,
      wanted: running.join(", ") || "none",
    }));
    // A service with a group for each colour registers its tasks with one of them at a time.
    const nowhere = running.filter((address) =>
      judged.every((one) => one.missing.includes(address)),
    );
    const stale = judged.flatMap((one) => one.stale);
    if (nowhere.length > 0)
      return found(
        "missing",
        `${nowhere.length} of ${running.length} running tasks not registered`,
        evidence,
      );
    if (stale.length > 0)
      return found("stale", `${stale.join(", ")} registered without a task`, evidence);
    return found("match", `${running.length} running tasks, all registered`, evidence);
  },
});
