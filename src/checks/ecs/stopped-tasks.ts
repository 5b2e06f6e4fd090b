import { defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import type { EcsService } from "#core/ports/aws.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsStoppedTasks } from "#facts/ecs-stopped-tasks.ts";
import { stopCause, type StopCause } from "#facts/stopped-task/stop-cause.ts";
import { ecsConsole } from "../console.ts";

/** AWS keeps stopped tasks for about an hour; without one it cannot say that none stopped before. */
const windowMs = 60 * 60_000;

/** What says most when tasks stopped for several reasons. */
const order: readonly Exclude<StopCause, "normal">[] = [
  "image-or-secret",
  "out-of-memory",
  "application-exit",
  "capacity",
  "elb-health-check",
  "infrastructure",
];

/** The revision that runs with all its tasks and nothing rolling out; null where that is not so. */
const settledRevision = (service: EcsService | null | undefined): string | null =>
  service === null ||
  service === undefined ||
  service.desired === 0 ||
  service.running < service.desired ||
  service.deployments.length > 1
    ? null
    : (service.deployments[0]?.taskDefinition ?? service.taskDefinition);

export const stoppedTasks = defineCheck({
  id: "ecs/stopped-tasks",
  question: "Why did tasks stop in the last hour?",
  needs: { tasks: ecsStoppedTasks },
  optional: { service: ecsService },
  outcomes: {
    none: ok("No task stopped other than through a deployment, scaling or a person."),
    "application-exit": failing(
      "The program in the container ended by itself: it crashed or found its configuration wanting.",
      "Read the last log lines of a stopped task (logs/startup).",
    ),
    "out-of-memory": failing(
      "The kernel killed the container because it used more memory than its limit.",
      "Raise the task's memory, or find what grew; models loaded per request are usual.",
    ),
    "image-or-secret": failing(
      "The task never started: its image, a secret or its log group could not be had.",
      "Read the reason: a missing tag, the execution role, or no way out to the registry.",
    ),
    "elb-health-check": degraded(
      "ECS replaced tasks because the load balancer or the container's health check called them unhealthy.",
      "See why targets are unhealthy (load-balancer/targets); the start may outlast the grace period.",
    ),
    capacity: failing(
      "AWS had no capacity for the task.",
      "Try other zones, or on-demand instead of Spot.",
    ),
    infrastructure: past(
      degraded(
        "AWS took the host away: maintenance, a failure or a Spot interruption. ECS replaces the task.",
        "See whether replacements run; with Spot keep a base of on-demand tasks.",
      ),
    ),
    "past-release": past(
      degraded(
        "Tasks failed of a revision that is no longer asked for; the one that runs now has all its tasks.",
        "Tell whoever released it; what runs is another revision (ecs/rollout).",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "tasks"),
  judge({ tasks, service }, { now }) {
    const judged = tasks
      .filter((task) => task.stoppedAt === null || now - Date.parse(task.stoppedAt) <= windowMs)
      .map((task) => {
        const { cause, why } = stopCause(task);
        return { task, cause, why };
      });
    const worst = order.find((one) => judged.some((stopped) => stopped.cause === one));
    if (worst === undefined) {
      const seen = judged.length === 0 ? "no stopped task" : `${judged.length} stopped normally`;
      return found(
        "none",
        seen,
        judged
          .slice(0, 3)
          .map(({ task, why }) => ({ label: `task ${task.id.slice(0, 8)}`, seen: why })),
      );
    }
    const same = judged.filter((stopped) => stopped.cause === worst);
    const evidence = same.slice(0, 5).map(({ task, why }) => ({
      label: `task ${task.id.slice(0, 8)} stopped ${task.stoppedAt ?? "just now"}`,
      seen: why,
    }));
    const current = settledRevision(service);
    const isPast = judged.every(
      ({ task, cause }) => cause === "normal" || task.taskDefinition !== current,
    );
    return found(
      current !== null && isPast && worst !== "infrastructure" && worst !== "capacity"
        ? "past-release"
        : worst,
      `${same.length} of ${judged.length} stopped tasks: ${same[0]?.why ?? ""}`,
      evidence,
    );
  },
});
