import { defineCheck, degraded, failing, found, lacks, ok, past } from "#core/check.ts";
import { utcTime } from "#core/clock.ts";
import type { EcsService } from "#core/ports/aws.ts";
import type { SeenStoppedTask } from "#core/ports/earlier.ts";
import { earlierStoppedTasks } from "#facts/earlier-stopped-tasks.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsStoppedTasks } from "#facts/ecs-stopped-tasks.ts";
import { stopCause, type StopCause } from "#facts/stopped-task/stop-cause.ts";
import { ecsConsole } from "../console.ts";
import { isComplete, isSteadyState } from "./steady-state.ts";

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

/** The revision that is asked for while none of its tasks runs; null where that is not so. */
const missingRevision = (service: EcsService | null | undefined): string | null =>
  service === null || service === undefined || service.desired === 0 || service.running > 0
    ? null
    : (service.deployments.find((one) => one.status === "PRIMARY")?.taskDefinition ??
      service.taskDefinition);

/** ECS said so, and every task that should run does. */
const isSteadySince = (service: EcsService | null | undefined, time: string): boolean =>
  isComplete(service) &&
  service.events.some(({ at, message }) => at > time && isSteadyState(message));

interface Earlier {
  readonly seen: SeenStoppedTask;
  readonly cause: StopCause;
  readonly why: string;
}

/** Tasks of this incident that failed and that AWS has forgotten, newest first. */
const failedEarlier = (seen: readonly SeenStoppedTask[]): readonly Earlier[] =>
  seen
    .map((one) => ({ seen: one, ...stopCause(one.task) }))
    .filter(({ cause }) => cause !== "normal");

const forgotten = (rows: readonly Earlier[], now: number) =>
  rows.slice(0, 5).map(({ seen: { task, lastSeen }, why }) => ({
    label: `task ${task.id.slice(0, 8)} stopped ${task.stoppedAt ?? "then"}`,
    seen: `${why} (seen ${utcTime(Date.parse(lastSeen), now)}, forgotten by AWS since)`,
  }));

/**
 * AWS forgets a stopped task after about an hour; what earlier runs of this incident saw is kept, and shown.
 * It is evidence of now only while none of the service's tasks runs although some should, and for tasks of
 * the revision that is asked for: then nothing has started since, and they are why. ECS gives up like that
 * after a circuit breaker, or waits longer and longer between attempts. Where a task runs, where the service
 * was scaled to zero, or where another revision was deployed since, they tell of what is over: history.
 */
export const stoppedTasks = defineCheck({
  id: "ecs/stopped-tasks",
  question: "Why did tasks stop in the last hour?",
  needs: { tasks: ecsStoppedTasks },
  optional: { service: ecsService, earlier: earlierStoppedTasks },
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
    recovered: past(
      degraded(
        "A health check called tasks unhealthy earlier; since the last one that was replaced the service has reached a steady state with every task.",
        "It is over: see what was wrong then (changes/recent, logs/onset), before it comes back.",
      ),
    ),
    capacity: failing(
      "AWS had no capacity for the task, or its subnet no free address.",
      "Read the reason: other zones or on-demand instead of Spot; for addresses see network/free-addresses.",
    ),
    infrastructure: past(
      degraded(
        "AWS took the host away: maintenance, a failure or a Spot interruption. ECS replaces the task.",
        "See whether replacements run; with Spot keep a base of on-demand tasks.",
      ),
    ),
    "seen-earlier": past(
      degraded(
        "Tasks failed earlier in this incident; AWS has forgotten them since, and they are not why it fails now, if it does.",
        "Read why they stopped: what failed once may fail again.",
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
  judge({ tasks, service, earlier }, { now }) {
    const before = failedEarlier(earlier ?? []);
    const judged = tasks
      .filter((task) => task.stoppedAt === null || now - Date.parse(task.stoppedAt) <= windowMs)
      .map((task) => {
        const { cause, why } = stopCause(task);
        return { task, cause, why };
      });
    const worst = order.find((one) => judged.some((stopped) => stopped.cause === one));
    if (worst === undefined && before.length > 0) {
      const asked = missingRevision(service);
      const same = before.filter(({ seen }) => seen.task.taskDefinition === asked);
      const rows = same.length > 0 ? same : before;
      const cause = order.find((one) => same.some((row) => row.cause === one));
      const newest = rows.find((row) => cause === undefined || row.cause === cause);
      const last = Date.parse(newest?.seen.lastSeen ?? "");
      return found(
        cause ?? "seen-earlier",
        `${rows.length} stopped ${rows.length === 1 ? "task" : "tasks"}, last seen ${utcTime(last, now)} and forgotten by AWS since: ${newest?.why ?? ""}`,
        forgotten(rows, now),
      );
    }
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
    const ofRelease = worst !== "infrastructure" && worst !== "capacity";
    // Without the service nobody knows whether this is the revision that should run, or one that is over.
    if (ofRelease && service === undefined) return lacks("service");
    const current = settledRevision(service);
    const isPast = judged.every(
      ({ task, cause }) => cause === "normal" || task.taskDefinition !== current,
    );
    const isOver =
      worst === "elb-health-check" &&
      same.every(({ task }) => task.stoppedAt !== null && isSteadySince(service, task.stoppedAt));
    return found(
      current !== null && isPast && ofRelease ? "past-release" : isOver ? "recovered" : worst,
      `${same.length} of ${judged.length} stopped tasks: ${same[0]?.why ?? ""}`,
      [...evidence, ...forgotten(before, now)],
    );
  },
});
