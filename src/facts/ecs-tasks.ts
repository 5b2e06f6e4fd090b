import { defineFact } from "#core/fact.ts";

/** The tasks that ECS means to run, whatever state they are in on their way there. */
export const ecsTasks = defineFact({
  id: "ecs-tasks",
  needs: {},
  permissions: ["ecs:ListTasks", "ecs:DescribeTasks"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) =>
    ports.ecs.tasks(target.service.ecs.cluster, target.service.ecs.service, "RUNNING", signal),
});
