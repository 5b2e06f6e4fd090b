import { runningTasks } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const spotInterruption: Fault = {
  id: "spot-interruption",
  title: "AWS reclaimed the Spot host of a task; it was replaced",
  system: "tasks",
  ...undoable((world) => {
    const [task] = runningTasks(world);
    if (task === undefined) return null;
    task.host = "reclaimed";
    return () => undefined;
  }),
  report: timeoutReport,
};
