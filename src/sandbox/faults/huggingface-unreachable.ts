import { deployRevision } from "../world/deploy.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";
import { apiService, predictUrl } from "./fault.ts";
import type { Fault, Report } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Loaded models stay in memory, so that nothing of the hub shows before tasks have been replaced. */
const restart = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const definition = taskDefinitionOf(world, service.taskDefinition);
  if (definition !== undefined) deployRevision(world, service, definition);
};
const report: Report = { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 };

export const huggingfaceUnreachable: Fault = {
  id: "huggingface-unreachable",
  title: "The hub's token was revoked, and the tasks were restarted since",
  system: "HuggingFace",
  ...undoable((world) => {
    const { tokens } = world.hub;
    world.hub.tokens = [];
    restart(world);
    return () => {
      world.hub.tokens = tokens;
      restart(world);
    };
  }),
  report,
};

export const hubNameFailing: Fault = {
  id: "hub-name-failing",
  title: "The name servers of the hub fail, and the tasks were restarted since",
  system: "HuggingFace",
  ...undoable((world) => {
    const { failing } = world.dns;
    world.dns.failing = [...failing, "huggingface.co"];
    restart(world);
    return () => {
      world.dns.failing = failing;
      restart(world);
    };
  }),
  report,
};
