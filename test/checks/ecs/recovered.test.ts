/** What a fault leaves behind once it is healed: history, and no evidence of now. */
import { expect, it } from "vitest";
import { serviceEvents } from "#checks/ecs/service-events.ts";
import { stoppedTasks } from "#checks/ecs/stopped-tasks.ts";
import { faultNamed } from "../../../src/sandbox/faults/index.ts";
import { startLivingWorld } from "../../../src/sandbox/world/living.ts";
import { openAwsBench } from "../aws-bench.ts";

it.each([
  [15, "recovered", "over"],
  [undefined, "elb-health-check", "unhealthy-targets"],
] as const)(
  "tasks that the health check replaced, healed %s minutes ago: %s",
  { timeout: 30_000 },
  async (healedMinutesAgo, stopped, events) => {
    const world = await startLivingWorld([faultNamed("security-group-blocking")], {
      minutesAgo: 40,
      ...(healedMinutesAgo !== undefined && { healedMinutesAgo }),
    });
    try {
      await world.settled();
      await using bench = await openAwsBench(world.state);
      expect([await bench.outcome(stoppedTasks), await bench.outcome(serviceEvents)]).toEqual([
        stopped,
        events,
      ]);
    } finally {
      await world.stop();
    }
  },
);
