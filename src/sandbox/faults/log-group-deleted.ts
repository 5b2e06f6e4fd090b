import { deployRevision } from "../world/deploy.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { apiService } from "./fault.ts";
import { appendTrail } from "../world/state.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const logGroupDeleted: Fault = {
  id: "log-group-deleted",
  title: "The log group was deleted, and the tasks were restarted since",
  system: "CloudWatch Logs",
  ...undoable((world) => {
    const group = world.logs.groups.find((one) => one.name === `/ecs/${apiService}`);
    if (group === undefined) return null;
    world.logs.groups = world.logs.groups.filter((one) => one !== group);
    appendTrail(world, {
      eventName: "DeleteLogGroup",
      eventSource: "logs.amazonaws.com",
      username: "cost-saver",
      resources: [{ resourceType: "AWS::Logs::LogGroup", resourceName: group.name }],
      requestParameters: { logGroupName: group.name },
    });
    const service = serviceNamed(world, apiService);
    const definition = taskDefinitionOf(world, service.taskDefinition);
    if (definition !== undefined) deployRevision(world, service, definition);
    return () => {
      world.logs.groups.push(group);
      if (definition !== undefined) deployRevision(world, service, definition);
    };
  }),
  report: timeoutReport,
};
