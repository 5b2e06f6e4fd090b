/** Steps that several faults share: releasing an image, going back to the revision before. */
import { deployRevision, imageDigest, registerRevision } from "../world/deploy.ts";
import { digestOf, goodApiProgram, repositoryUri } from "../world/initial/services.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { ApiProgram, Service, WorldState } from "../world/state.ts";
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
  const service = serviceNamed(world, apiService);
  world.programs.set(digest, { ...programOf(world, service), commit, ...change });
  deployRevision(
    world,
    service,
    registerRevision(world, service, (container) => {
      container.image = `${repositoryUri}/hokusai-api:${commit}`;
    }),
  );
};

/** What the newest revision of a service runs: a release changes that. */
const programOf = (world: WorldState, service: Service): ApiProgram => {
  const [container] = taskDefinitionOf(world, service.taskDefinition)?.containerDefinitions ?? [];
  const program = world.programs.get(imageDigest(world, container?.image ?? "") ?? "");
  return program?.kind === "api" ? program : goodApiProgram("");
};

/** The same revision once more, as `update-service --force-new-deployment` does. */
export const restartTasks = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const definition = taskDefinitionOf(world, service.taskDefinition);
  if (definition !== undefined) deployRevision(world, service, definition);
};

/** Deploys the newest revision that is known to work. */
export const returnToGoodRevision = (world: WorldState): void => {
  const service = serviceNamed(world, apiService);
  const good = taskDefinitionOf(world, `${apiService}:42`);
  if (good !== undefined && service.taskDefinition !== good.arn)
    deployRevision(world, service, good);
};
