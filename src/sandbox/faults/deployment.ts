/** Steps that several faults share: releasing an image, going back to the revision before. */
import { deployRevision, registerRevision } from "../world/deploy.ts";
import { digestOf, goodApiProgram, repositoryUri } from "../world/initial/services.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { ApiProgram, WorldState } from "../world/state.ts";
import { apiService } from "./fault.ts";

/** Pushes an image of the API and deploys it, as the release pipeline does. */
export const releaseApi = (
  world: WorldState,
  commit: string,
  change: Partial<ApiProgram>,
): void => {
  const digest = digestOf(`api ${commit}`);
  const repository = world.ecr.repositories.find((one) => one.name === "hokusai-api");
  if (repository !== undefined && !repository.images.some((one) => one.imageDigest === digest)) {
    repository.images.push({
      imageDigest: digest,
      imageTags: [commit],
      imagePushedAt: world.now() - 240_000,
      imageSizeInBytes: 612_481_002,
    });
  }
  world.programs.set(digest, { ...goodApiProgram(commit), ...change });
  const service = serviceNamed(world, apiService);
  deployRevision(
    world,
    service,
    registerRevision(world, service, (container) => {
      container.image = `${repositoryUri}/hokusai-api:${commit}`;
    }),
  );
};

/** Deploys the newest revision that is known to work. */
export const returnToGoodRevision = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const good = taskDefinitionOf(world, `${apiService}:42`);
  if (good !== undefined && service.taskDefinition !== good.arn)
    deployRevision(world, service, good);
};
