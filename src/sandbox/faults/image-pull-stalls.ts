import { deployRevision } from "../world/deploy.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { apiService } from "./fault.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const imagePullStalls: Fault = {
  id: "image-pull-stalls",
  title: "The tasks were restarted, and the registry does not finish sending the image",
  system: "tasks",
  ...undoable((world) => {
    world.ecr.stalled = true;
    const service = serviceNamed(world, apiService);
    const definition = taskDefinitionOf(world, service.taskDefinition);
    if (definition !== undefined) deployRevision(world, service, definition);
    return () => void (world.ecr.stalled = false);
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
