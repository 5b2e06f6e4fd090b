import { runningTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const hostMaintenance: Fault = {
  id: "host-maintenance",
  title: "AWS took the host of a task away for maintenance; it was replaced",
  system: "tasks",
  ...undoable((world) => {
    const [task] = runningTasks(world);
    if (task === undefined) return null;
    task.host = "failing";
    return () => undefined;
  }),
  report: timeoutReport,
};
