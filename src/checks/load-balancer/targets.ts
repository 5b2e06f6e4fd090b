import { cannotTell, defineCheck, degraded, failing, found, ok } from "#core/check.ts";
import { ecsTasks } from "#facts/ecs-tasks.ts";
import { targetHealth } from "#facts/target-health.ts";
import { serviceGroups } from "#facts/target-group/service-groups.ts";
import { targetGroupConsole } from "../console.ts";

/** A load balancer whose targets are all unhealthy sends to all of them: the API may answer nevertheless. */
export const targets = defineCheck({
  id: "load-balancer/targets",
  question: "Are the targets healthy?",
  needs: { health: targetHealth },
  optional: { tasks: ecsTasks },
  outcomes: {
    healthy: ok("Every target of the service that is not being drained is healthy."),
    "none-registered": failing(
      "No task is registered with the load balancer: it answers 503.",
      "See whether tasks run (ecs/service-running) and whether the service names this target group.",
    ),
    "some-unhealthy": degraded(
      "Some targets are healthy and some are not: part of the requests is served by fewer tasks.",
      "Read the log of the unhealthy ones; compare their revisions.",
    ),
    "unhealthy-response": failing(
      "The program answers the health check, but not with the code that is wanted.",
      "Compare path and matcher of the health check with what the API serves (load-balancer/health-check).",
    ),
    "unhealthy-timeout": failing(
      "Health checks time out: a security group or network ACL drops them, or the program is too slow.",
      "See network/inbound first; then cpu, memory and the log of a task.",
    ),
    "unhealthy-refused": failing(
      "Health checks fail to connect: nothing listens on that port, or only on 127.0.0.1.",
      "Compare ports (ecs/container-port); see whether the program starts (logs/startup).",
    ),
    "not-in-use": failing(
      "The target group belongs to no load balancer that uses it: no rule forwards to it.",
      "Add it to a listener rule again (load-balancer/routing shows where requests go).",
    ),
  },
  noise: "read",
  consoleLink: targetGroupConsole,
  judge({ health, tasks }) {
    const groups = serviceGroups(health, tasks ?? []);
    if (groups.length === 0) {
      return cannotTell(
        "the service is linked to no target group that we can see",
        "see identity/chain; name the load balancers in hokusai.yaml",
      );
    }
    const all = groups.flatMap((group) => group.targets).filter((one) => one.state !== "draining");
    const evidence = all.slice(0, 10).map((one) => ({
      label: `${one.id}:${one.port ?? ""}`,
      seen: [one.state, one.reason, one.description].filter((part) => part !== null).join(", "),
      wanted: "healthy",
    }));
    const names = groups.map((group) => group.name).join(", ");
    if (all.length === 0) return found("none-registered", `no target in ${names}`, evidence);
    const healthy = all.filter((one) => one.state === "healthy");
    const bad = all.filter((one) => one.state !== "healthy" && one.state !== "initial");
    const seen = `${healthy.length} of ${all.length} targets healthy in ${names}`;
    if (bad.length === 0 && healthy.length > 0) return found("healthy", seen, evidence);
    const unused = bad.filter((one) => one.state === "unused");
    if (unused.length === all.length)
      return found("not-in-use", `${seen}: ${unused[0]?.reason ?? "unused"}`, evidence);
    if (healthy.length > 0)
      return found("some-unhealthy", `${seen}: ${bad[0]?.reason ?? bad[0]?.state ?? ""}`, evidence);
    const reason = bad.find((one) => one.reason !== null)?.reason ?? "";
    const why = `${seen}: ${[reason, bad[0]?.description].filter(Boolean).join(", ")}`;
    if (bad.length === 0)
      return cannotTell(`${seen}: still in their first health checks`, "check again in a minute");
    if (reason === "Target.ResponseCodeMismatch") return found("unhealthy-response", why, evidence);
    if (reason === "Target.Timeout") return found("unhealthy-timeout", why, evidence);
    return found("unhealthy-refused", why, evidence);
  },
});
