import type { ContainerDefinition, TaskDefinition } from "#core/ports/aws.ts";
import type { Target } from "#core/target.ts";

/** The container that serves the API: by its name in the catalogue, else by its port, else the essential one. */
export function mainContainer(
  definition: TaskDefinition | null,
  target: Target,
): ContainerDefinition | null {
  const containers = definition?.containers ?? [];
  const { container, port } = target.service.ecs;
  return (
    containers.find((one) => one.name === container) ??
    containers.find((one) => one.ports.some((mapping) => mapping.container === port)) ??
    containers.find((one) => one.essential) ??
    null
  );
}
