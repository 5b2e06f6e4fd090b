import { deployRevision } from "../world/deploy.ts";
import { digestOf } from "../world/initial/services.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** Exit code 137 without memory having to do with it: nothing is wrong but the restart took longer. */
export const sigtermIgnored: Fault = {
  id: "sigterm-ignored",
  title: "A restart whose old tasks ignored SIGTERM and were killed: exit code 137, memory is fine",
  system: "tasks",
  apply: (world) => {
    const program = world.programs.get(digestOf("api 5e3a917"));
    if (program?.kind === "api") program.ignoresSigterm = true;
    const service = serviceNamed(world, apiService);
    const definition = taskDefinitionOf(world, service.taskDefinition);
    if (definition !== undefined) deployRevision(world, service, definition);
  },
  heal: (world) => {
    const program = world.programs.get(digestOf("api 5e3a917"));
    if (program?.kind === "api") delete program.ignoresSigterm;
  },
  report: timeoutReport,
};
