import type { ValueOf } from "#core/fact.ts";
import type { EcsTask } from "#core/ports/aws.ts";
import type { targetHealth } from "../target-health.ts";

export type GroupHealth = ValueOf<typeof targetHealth>[number];

/** The groups of the service: those it registers with, or those that hold addresses of its tasks. */
export function serviceGroups(
  groups: readonly GroupHealth[],
  tasks: readonly EcsTask[],
): readonly GroupHealth[] {
  const addresses = new Set(tasks.flatMap((task) => task.addresses));
  const registered = groups.filter((group) => group.ofService);
  if (registered.length > 0) return registered;
  return groups.filter((group) => group.targets.some((target) => addresses.has(target.id)));
}
