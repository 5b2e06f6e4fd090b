import type { EcsService } from "#core/ports/aws.ts";

/** As many tasks as it should have, and nothing rolling out. */
export const isComplete = (service: EcsService | null | undefined): service is EcsService =>
  service !== null &&
  service !== undefined &&
  service.running >= service.desired &&
  service.deployments.length === 1;

/** An event by which ECS says that the service has all that it wants. */
export const isSteadyState = (message: string): boolean =>
  /has reached a steady state/iu.test(message);
