import { defineFact } from "#core/fact.ts";
import { ecsService } from "./ecs-service.ts";
import { twoRevisions } from "./task-definition/two-revisions.ts";

/** What the service is asked to run, and what it ran before. Null where there is no service or no such revision. */
export const ecsTaskDefinition = defineFact({
  id: "ecs-task-definition",
  needs: { service: ecsService },
  permissions: ["ecs:DescribeTaskDefinition"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, facts: { service }, signal }) =>
    service === null ? { current: null, previous: null } : twoRevisions(service, ports.ecs, signal),
});
