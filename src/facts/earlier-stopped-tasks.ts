import { isoTime } from "#core/clock.ts";
import { defineFact } from "#core/fact.ts";
import { ecsStoppedTasks } from "./ecs-stopped-tasks.ts";

/** An incident in which nobody looked for this long is over. */
const backMs = 12 * 60 * 60_000;

/**
 * Stopped tasks that earlier runs of this incident saw and AWS does not name any more, newest first.
 * Empty where nothing is kept.
 */
export const earlierStoppedTasks = defineFact({
  id: "earlier-stopped-tasks",
  needs: { tasks: ecsStoppedTasks },
  permissions: [],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 2_000,
  rereadable: true,
  gather: async ({ ports, facts: { tasks }, now, signal }) => {
    const seen = await ports.earlier.stoppedTasks(isoTime(now - backMs), signal);
    const named = new Set(tasks.map(({ arn }) => arn));
    return seen.filter(({ task }) => !named.has(task.arn));
  },
});
