import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";

/**
 * What the service is asked to run, and what it ran before: the revision of another active deployment
 * while one rolls out, else the number below. Null where there is no service or no such revision.
 */
export const ecsTaskDefinition = defineFact({
  id: "ecs-task-definition",
  needs: { service: ecsService },
  permissions: ["ecs:DescribeTaskDefinition"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, facts: { service }, signal }) => {
    if (service === null) return { current: null, previous: null };
    const primary = service.deployments.find((one) => one.status === "PRIMARY")?.taskDefinition;
    const wanted = primary === undefined || primary === "" ? service.taskDefinition : primary;
    const older = service.deployments.find((one) => one.taskDefinition !== wanted)?.taskDefinition;
    const before = older ?? revisionBefore(wanted);
    const [current, previous] = await Promise.all([
      ports.ecs.taskDefinition(wanted, signal),
      before === null ? null : ports.ecs.taskDefinition(before, signal),
    ]);
    return { current, previous };
  },
});

/** "arn:...:task-definition/api:42" -> "arn:...:task-definition/api:41"; null for the first. */
const revisionBefore = (arn: string): string | null => {
  const [, family, revision] = /^(.+):(\d+)$/u.exec(arn) ?? [];
  const before = Number(revision) - 1;
  return family !== undefined && before >= 1 ? `${family}:${before}` : null;
};
