import { digestOf, goodApiProgram } from "../world/initial/services.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import { runningTasks } from "./edits.ts";
import { apiService, predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** The service always named its image by a tag that every release pushes over. */
export const imageTagShared: Fault = {
  id: "image-tag-shared",
  title:
    "Every release pushes over one tag, and one task was restarted since the last: two commits run",
  system: "ECR",
  ...undoable((world) => {
    const repository = world.ecr.repositories.find((one) => one.name === "hokusai-api");
    const image = repository?.images.find((one) => one.imageTags.includes("5e3a917"));
    const definition = taskDefinitionOf(world, serviceNamed(world, apiService).taskDefinition);
    const tasks = runningTasks(world);
    const [restarted] = tasks;
    if (repository === undefined || image === undefined) return null;
    if (definition === undefined || restarted === undefined) return null;
    const named = [
      ...definition.containerDefinitions,
      ...tasks.flatMap((task) => task.containers),
    ].filter((container) => container.name === "hokusai-api");
    const before = named.map((container) => container.image);
    for (const container of named) container.image = `${repository.uri}:production`;
    const digest = digestOf("api 77aa01c");
    repository.images.push({
      ...image,
      imageDigest: digest,
      imageTags: ["77aa01c", "production"],
      imagePushedAt: world.now(),
    });
    world.programs.set(digest, goodApiProgram("77aa01c"));
    restarted.host = "failing";
    return () => {
      repository.images = repository.images.filter((one) => one.imageDigest !== digest);
      for (const [index, container] of named.entries()) container.image = before[index] ?? "";
    };
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
