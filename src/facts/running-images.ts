import { defineFact } from "#core/fact.ts";
import type { EcsTask } from "#core/ports/aws.ts";
import { ecsTasks } from "./ecs-tasks.ts";
import { commitOf, toEcrImage } from "./image/ecr-image.ts";

/** What each running task really runs: digest, revision, and the commit that the image's tags name. */
export const runningImages = defineFact({
  id: "running-images",
  needs: { tasks: ecsTasks },
  permissions: ["ecr:DescribeImages"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 6_000,
  rereadable: true,
  gather: async ({ ports, target, facts: { tasks }, signal }) => {
    const running = tasks
      .filter((task) => task.lastStatus === "RUNNING")
      .flatMap((task) => {
        const container = mainOf(task, target.service.ecs.container);
        return container === undefined ? [] : [{ task, container }];
      });
    const commits = new Map<string, Promise<string | null>>();
    const commitFor = async (image: string, digest: string): Promise<string | null> => {
      const place = toEcrImage(image);
      if (place === null) return null;
      const { registry, repository } = place;
      // A digest that was untagged or deleted since leaves the tag it was deployed by.
      const found = await ports.registries.image({ registry, repository, digest }, signal);
      return commitOf([...(found?.tags ?? []), ...(place.tag === undefined ? [] : [place.tag])]);
    };
    return Promise.all(
      running.map(async ({ task, container: { image, digest } }) => {
        if (image !== null && digest !== null && !commits.has(digest))
          commits.set(digest, commitFor(image, digest));
        return {
          task: task.id,
          revision: task.taskDefinition.slice(task.taskDefinition.lastIndexOf("/") + 1),
          startedAt: task.startedAt,
          image,
          digest,
          commit: (await commits.get(digest ?? "")) ?? null,
        };
      }),
    );
  },
});

const mainOf = (task: EcsTask, name: string | null): EcsTask["containers"][number] | undefined =>
  task.containers.find((one) => one.name === name) ?? task.containers[0];
