import { digestOf } from "../world/initial/services.ts";
import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Nothing happens until a task starts again. */
export const imageDeleted: Fault = {
  id: "image-deleted",
  title: "A lifecycle policy deleted the image that runs: the next task cannot start",
  system: "ECR",
  ...undoable((world) => {
    const repository = world.ecr.repositories.find((one) => one.name === "hokusai-api");
    if (repository === undefined) return null;
    const { images } = repository;
    repository.images = images.filter((one) => one.imageDigest !== digestOf("api 5e3a917"));
    appendTrail(world, {
      eventName: "BatchDeleteImage",
      eventSource: "ecr.amazonaws.com",
      username: "lifecycle-policy",
      resources: [{ resourceType: "AWS::ECR::Repository", resourceName: repository.arn }],
      requestParameters: { repositoryName: repository.name },
    });
    return () => void (repository.images = images);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
