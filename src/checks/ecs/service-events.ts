import { defineCheck, degraded, failing, found, ok, past } from "#core/check.ts";
import { ecsService } from "#facts/ecs-service.ts";
import { ecsConsole } from "../console.ts";
import { isComplete, isSteadyState } from "./steady-state.ts";

const recentMs = 60 * 60_000;

const complaints = [
  [
    "unable-to-place",
    /unable to place|no container instance met|insufficient (?:memory|cpu)|capacity is unavailable/iu,
  ],
  [
    "unable-to-start",
    /unable to consistently start|tasks? failed to start|failed container health checks|was unable to start|unable to (?:pull|assume)|deployment failed/iu,
  ],
  ["unhealthy-targets", /is unhealthy in|failed ELB health checks|port \d+ is unhealthy/iu],
] as const;

/** "Has reached a steady state" is no proof that traffic works, and answers nothing here. */
export const serviceEvents = defineCheck({
  id: "ecs/service-events",
  question: "Does ECS complain about the service?",
  needs: { service: ecsService },
  outcomes: {
    quiet: ok("The service events of the last hour hold no complaint."),
    "unable-to-start": failing(
      "ECS says that it cannot start tasks, or that they die soon after.",
      "Read why tasks stopped (ecs/stopped-tasks).",
    ),
    "unhealthy-targets": degraded(
      "ECS says that tasks are unhealthy in a target group.",
      "Read the reason that the target group gives (load-balancer/targets).",
    ),
    "unable-to-place": failing(
      "ECS finds no place for a task: no capacity, no free address, no matching host.",
      "Read the event; look at capacity providers, zones and free addresses.",
    ),
    over: past(
      ok(
        "ECS complained within the last hour, and has reached a steady state with every task since.",
      ),
    ),
  },
  noise: "read",
  consoleLink: (target) => ecsConsole(target, "events"),
  judge({ service }, { now }) {
    const recent = (service?.events ?? []).filter(
      (event) => now - Date.parse(event.at) <= recentMs,
    );
    for (const [outcome, pattern] of complaints) {
      const said = recent.filter((event) => pattern.test(event.message));
      const newest = said[0];
      if (newest !== undefined) {
        const evidence = said
          .slice(0, 3)
          .map((event) => ({ label: event.at, seen: event.message }));
        const steady = recent.find((event) => isSteadyState(event.message));
        if (steady !== undefined && steady.at > newest.at && isComplete(service)) {
          return found("over", `${said.length} before the steady state of ${steady.at}`, evidence);
        }
        return found(
          outcome,
          `${said.length} in the last hour, newest: ${newest.message}`,
          evidence,
        );
      }
    }
    return found(
      "quiet",
      recent[0] === undefined ? "no event in the last hour" : `newest: ${recent[0].message}`,
    );
  },
});
