import { deployRevision } from "../world/deploy.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";
import { apiService, predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const restart = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const definition = taskDefinitionOf(world, service.taskDefinition);
  if (definition !== undefined) deployRevision(world, service, definition);
};

export const loadBalancerPort: Fault = {
  id: "load-balancer-port",
  title: "The service registers its tasks on port 8000, and they listen on 8001",
  system: "ECS service",
  ...undoable((world) => {
    const service = serviceNamed(world, apiService);
    const { loadBalancers } = service;
    service.loadBalancers = loadBalancers.map((one) => ({ ...one, containerPort: 8000 }));
    restart(world);
    return () => {
      service.loadBalancers = loadBalancers;
      restart(world);
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
