import { defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsConsole } from "../console.ts";

/** No running task explains a silent API before anything else does. */
export const serviceRunning = defineCheck({
  id: "ecs/service-running",
  question: "Is the API service running?",
  needs: { service: ecsService },
  outcomes: {
    running: ok("ECS runs as many tasks as it was asked to."),
    "below-desired": degraded(
      "Some of the tasks that should run do not: a rollout, a crash loop, or no capacity.",
      "Read why tasks stopped (ecs/stopped-tasks) and the newest service events.",
    ),
    "zero-running": failing(
      "ECS was asked for tasks and runs none: each attempt dies, or none can be started.",
      "Read why tasks stopped (ecs/stopped-tasks), then the log of the newest task.",
    ),
    "zero-desired": failing(
      "The service is scaled to zero: nothing was asked to run.",
      "Find out who scaled it down (changes/recent), then set the desired count again.",
    ),
    "not-found": failing(
      "The cluster has no active service of that name: deleted, renamed, or the wrong account or region.",
      "Compare cluster, service, account and region in hokusai.yaml with the console.",
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "health"),
  judge({ service }, { target }) {
    const { cluster, service: name } = target.service.ecs;
    if (service === null)
      return found("not-found", `no active service ${name} in cluster ${cluster}`);
    const counts = `${service.running} of ${service.desired} tasks`;
    const evidence = [
      { label: "running tasks", seen: `${service.running}`, wanted: `${service.desired}` },
      { label: "pending tasks", seen: `${service.pending}` },
      { label: "service", seen: `${service.name}, ${service.status}` },
    ];
    if (service.desired === 0) return found("zero-desired", `scaled to zero: ${counts}`, evidence);
    if (service.running === 0) return found("zero-running", `${counts} running`, evidence);
    if (service.running < service.desired)
      return found("below-desired", `${counts} running`, evidence);
    return found("running", `${counts} running`, evidence);
  },
});
