import type { Operations } from "./call.ts";
import { clusterAndServiceOperations } from "./ecs/clusters-and-services.ts";
import { serviceDeploymentOperations } from "./ecs/service-deployments.ts";
import { taskDefinitionOperations } from "./ecs/task-definitions.ts";
import { taskOperations } from "./ecs/tasks.ts";

export const ecsOperations: Operations = {
  ...clusterAndServiceOperations,
  ...taskOperations,
  ...taskDefinitionOperations,
  ...serviceDeploymentOperations,
};
