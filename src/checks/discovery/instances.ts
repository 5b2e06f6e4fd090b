import { cannotTell, defineCheck, degraded, found, ok } from "#core/check.ts";
import { cloudMapInstances } from "#facts/cloud-map-instances.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { discoveryConsole } from "../console.ts";

/** What the internal name answers, as AWS keeps it; the name itself resolves only inside the VPC. */
export const instances = defineCheck({
  id: "discovery/instances",
  question: "Does service discovery list the running tasks?",
  needs: { instances: cloudMapInstances, tasks: ecsTasks },
  outcomes: {
    match: ok("Service discovery answers with the addresses of the running tasks."),
    stale: degraded(
      "Service discovery answers with addresses that no running task has, or leaves one out.",
      "Deregister the stale instances, or deploy again so that ECS registers its tasks.",
    ),
    none: degraded(
      "Service discovery has no instance: the internal name does not resolve.",
      "See whether tasks run, and whether the service still has its registry.",
    ),
  },
  noise: "read",
  consoleLink: discoveryConsole,
  judge({ instances: listed, tasks }) {
    const addresses = tasks
      .filter((task) => task.lastStatus === "RUNNING")
      .flatMap((task) => task.addresses[0] ?? []);
    if (listed === null) return found("none", "no such discovery service");
    if (listed.length === 0 && addresses.length === 0)
      return cannotTell("there is no task to be listed", "see ecs/service-running");
    if (listed.length === 0) return found("none", `no instance, ${addresses.length} running tasks`);
    const known = listed.flatMap((one) => one.address ?? []);
    const stale = known.filter((address) => !addresses.includes(address));
    const missing = addresses.filter((address) => !known.includes(address));
    const unhealthy = listed.filter((one) => one.health === "UNHEALTHY");
    const evidence = [
      { label: "instances", seen: known.join(", "), wanted: addresses.join(", ") || "none" },
      ...unhealthy.map((one) => ({
        label: one.address ?? one.id,
        seen: "UNHEALTHY",
        wanted: "HEALTHY",
      })),
    ];
    if (stale.length + missing.length > 0) {
      return found(
        "stale",
        `without a task: ${stale.join(", ") || "none"}; not listed: ${missing.join(", ") || "none"}`,
        evidence,
      );
    }
    return found("match", `${known.length} instances, ${addresses.length} running tasks`, evidence);
  },
});
