import { defineFact } from "#core/fact.ts";
import type { EcsTask, TaskDefinition } from "#core/ports/aws.ts";
import { ecsStoppedTasks } from "./ecs-stopped-tasks.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";
import { ecsTasks } from "./ecs-tasks.ts";

/**
 * Whether the newest task wrote anything. `task` is null where no task is known; `stream` is null where the
 * group has none for it; `groupFound` tells whether the log group of the task definition exists.
 */
export const logStreams = defineFact({
  id: "log-streams",
  needs: { tasks: ecsTasks, stopped: ecsStoppedTasks, definition: ecsTaskDefinition },
  permissions: ["logs:DescribeLogStreams"],
  cost: "cheap",
  vantage: "aws",
  deadlineMs: 4_000,
  rereadable: true,
  gather: async ({ ports, target, facts, signal }) => {
    const task = newestOf([...facts.tasks, ...facts.stopped]);
    const options = logOptions(facts.definition.current, target.service.ecs.container);
    const group = options?.["awslogs-group"] ?? target.service.logs.group;
    const prefix = options?.["awslogs-stream-prefix"];
    const container = options === null ? undefined : options["container"];
    const exact =
      task !== null && prefix !== undefined && container !== undefined
        ? `${prefix}/${container}/${task.id}`
        : null;
    const streams = await ports.logs.streams(group, exact, signal);
    return {
      group,
      groupFound: streams !== null,
      task:
        task === null
          ? null
          : { id: task.id, createdAt: task.createdAt, lastStatus: task.lastStatus },
      stream:
        task === null ? null : (streams?.find((stream) => stream.name.endsWith(task.id)) ?? null),
      newest: streams?.[0] ?? null,
    };
  },
});

const newestOf = (tasks: readonly EcsTask[]): EcsTask | null =>
  tasks.toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""))[0] ?? null;

const logOptions = (
  definition: TaskDefinition | null,
  name: string | null,
): Readonly<Record<string, string>> | null => {
  const container =
    definition?.containers.find((one) => one.name === name) ??
    definition?.containers.find((one) => one.essential);
  return container?.logs?.driver === "awslogs"
    ? { ...container.logs.options, container: container.name }
    : null;
};
