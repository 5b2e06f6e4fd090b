import type { EcsPort, EcsService, TaskDefinition } from "#core/ports/aws.ts";

/** Null where there is no service, or no such revision. */
export interface TwoRevisions {
  readonly current: TaskDefinition | null;
  readonly previous: TaskDefinition | null;
}

/**
 * What a service is asked to run, and what it ran before: the revision of another active deployment
 * while one rolls out, else the number below.
 */
export async function twoRevisions(
  service: Pick<EcsService, "taskDefinition" | "deployments">,
  ecs: EcsPort,
  signal: AbortSignal,
): Promise<TwoRevisions> {
  const primary = service.deployments.find((one) => one.status === "PRIMARY")?.taskDefinition;
  const wanted = primary === undefined || primary === "" ? service.taskDefinition : primary;
  const older = service.deployments.find((one) => one.taskDefinition !== wanted)?.taskDefinition;
  const before = older ?? revisionBefore(wanted);
  const [current, previous] = await Promise.all([
    ecs.taskDefinition(wanted, signal),
    before === null ? null : ecs.taskDefinition(before, signal),
  ]);
  return { current, previous };
}

/** "arn:...:task-definition/api:42" -> "arn:...:task-definition/api:41"; null for the first. */
const revisionBefore = (arn: string): string | null => {
  const [, family, revision] = /^(.+):(\d+)$/u.exec(arn) ?? [];
  const before = Number(revision) - 1;
  return family !== undefined && before >= 1 ? `${family}:${before}` : null;
};
