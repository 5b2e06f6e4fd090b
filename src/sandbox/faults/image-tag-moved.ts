import { digestOf, goodApiProgram } from "../world/initial/services.ts";
import { runningTasks } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const imageTagMoved: Fault = {
  id: "image-tag-moved",
  title: "The image's tag was pushed again, and one task was restarted since: two programs run",
  system: "ECR",
  ...undoable((world) => {
    const repository = world.ecr.repositories.find((one) => one.name === "hokusai-api");
    const [task] = runningTasks(world);
    const image = repository?.images.find((one) => one.imageTags.includes("5e3a917"));
    if (repository === undefined || task === undefined || image === undefined) return null;
    const { imageTags } = image;
    const digest = digestOf("api 5e3a917, built again");
    image.imageTags = [];
    repository.images.push({
      ...image,
      imageDigest: digest,
      imageTags,
      imagePushedAt: world.now(),
    });
    world.programs.set(digest, goodApiProgram("5e3a917"));
    task.host = "failing";
    return () => {
      repository.images = repository.images.filter((one) => one.imageDigest !== digest);
      image.imageTags = imageTags;
    };
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
