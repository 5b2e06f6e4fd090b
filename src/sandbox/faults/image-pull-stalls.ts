import { restartTasks } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const stalls = (id: string, title: string, minutesAgo: number): Fault => ({
  id,
  title,
  system: "tasks",
  ...undoable((world) => {
    world.ecr.stalled = true;
    restartTasks(world);
    return () => void (world.ecr.stalled = false);
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo },
});

export const imagePullStalls = stalls(
  "image-pull-stalls",
  "The tasks were restarted, and the registry does not finish sending the image",
  20,
);

export const imagePullSlow = stalls(
  "image-pull-slow",
  "The tasks were restarted two minutes ago and still pull their image",
  2,
);
