import { deployRevision } from "../world/deploy.ts";
import { appendTrail, serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const restart = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const definition = taskDefinitionOf(world, service.taskDefinition);
  if (definition !== undefined) deployRevision(world, service, definition);
};

export const secretDeleted: Fault = {
  id: "secret-deleted",
  title: "A secret that the task definition names was deleted, and the tasks were restarted since",
  system: "task definition",
  ...undoable((world) => {
    const secret = world.secrets.find((one) => one.name.endsWith("/redis-url"));
    if (secret === undefined) return null;
    secret.deletedAt = world.now();
    appendTrail(world, {
      eventName: "DeleteSecret",
      eventSource: "secretsmanager.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::SecretsManager::Secret", resourceName: secret.arn }],
      requestParameters: { secretId: secret.name },
    });
    restart(world);
    return () => {
      delete secret.deletedAt;
      restart(world);
    };
  }),
  report: timeoutReport,
};
