import { defineFact } from "#core/fact.ts";
import { notApplicable } from "#core/missing.ts";
import { ecsTaskDefinition } from "./ecs-task-definition.ts";
import { toEcrImage } from "./image/ecr-image.ts";
import { mainContainer } from "./task-definition/main-container.ts";

/** The image that the next task would pull, as the registry has it; `found` is null where it has none. */
export const containerImage = defineFact({
  id: "container-image",
  needs: { definition: ecsTaskDefinition },
  permissions: ["ecr:DescribeImages"],
  cost: "deep",
  vantage: "aws",
  deadlineMs: 6_000,
  rereadable: true,
  gather: async ({ ports, target, facts: { definition }, signal }) => {
    const image = mainContainer(definition.current, target)?.image ?? null;
    const place = image === null ? null : toEcrImage(image);
    if (image === null || place === null) {
      throw notApplicable(
        image === null ? "no task definition names an image" : `${image} is not in ECR`,
        "only images in Amazon ECR can be looked up",
      );
    }
    return { image, found: await ports.registries.image(place, signal) };
  },
});
