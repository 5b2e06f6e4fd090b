import { defineFact } from "#core/fact.ts";

/** Tasks that stopped within about the last hour, newest first; AWS forgets them after that. */
export const ecsStoppedTasks = defineFact({
  id: "ecs-stopped-tasks",
  needs: {},
  permissions: ["ecs:ListTasks", "ecs:DescribeTasks"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, signal }) => {
    const { cluster, service } = target.service.ecs;
    const tasks = await ports.ecs.tasks(cluster, service, "STOPPED", signal);
    return tasks.toSorted((a, b) => (b.stoppedAt ?? "").localeCompare(a.stoppedAt ?? ""));
  },
});
