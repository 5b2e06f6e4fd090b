import { runningTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const capacityUnavailable: Fault = {
  id: "capacity-unavailable",
  title: "A Spot task was reclaimed and AWS has no capacity for another",
  system: "tasks",
  ...undoable((world) => {
    const [task] = runningTasks(world);
    if (task === undefined) return null;
    world.ecs.capacity = "none";
    task.host = "reclaimed";
    return () => void (world.ecs.capacity = "available");
  }),
  report: timeoutReport,
};
