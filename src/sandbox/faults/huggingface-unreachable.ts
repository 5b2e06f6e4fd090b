import { deployRevision } from "../world/deploy.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { apiService, predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Loaded models stay in memory, so it shows once tasks have been replaced. */
export const huggingfaceUnreachable: Fault = {
  id: "huggingface-unreachable",
  title: "The hub's token was revoked, and the tasks were restarted since",
  system: "HuggingFace",
  ...undoable((world) => {
    const { tokens } = world.hub;
    world.hub.tokens = [];
    const restart = (): void => {
      const service = serviceNamed(world, apiService);
      const definition = taskDefinitionOf(world, service.taskDefinition);
      if (definition !== undefined) deployRevision(world, service, definition);
    };
    restart();
    return () => {
      world.hub.tokens = tokens;
      restart();
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
