/** What happens to the ECS service behind auth.hokus.ai: on the API's side nobody touched anything. */
import { deployRevision, registerRevision, trailUpdate } from "../world/deploy.ts";
import { authService, digestOf, repositoryUri } from "../world/initial/services.ts";
import { serviceNamed, taskDefinitionOf } from "../world/state.ts";
import type { AuthProgram, ContainerDefinition, WorldState } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault, Report } from "./fault.ts";
import { undoable } from "./undo.ts";

const team = "identity-deploy";
const refused: Report = { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 };
const unwell: Report = { ...refused, symptom: "other" };

/** Pushes an image of the auth service and deploys it; gives what goes back to the revision before. */
const release = (
  world: WorldState,
  commit: string,
  program: Partial<AuthProgram>,
  change: (container: ContainerDefinition) => void = () => undefined,
): (() => void) => {
  const digest = digestOf(`auth ${commit}`);
  world.ecr.repositories
    .find((one) => one.name === "hokusai-auth")
    ?.images.push({
      imageDigest: digest,
      imageTags: [commit],
      imagePushedAt: world.now() - 180_000,
      imageSizeInBytes: 231_774_208,
    });
  world.programs.set(digest, { kind: "auth", trouble: null, crash: null, ...program });
  const service = serviceNamed(world, authService);
  const before = taskDefinitionOf(world, service.taskDefinition);
  const edit = (container: ContainerDefinition): void => {
    container.image = `${repositoryUri}/hokusai-auth:${commit}`;
    change(container);
  };
  deployRevision(world, service, registerRevision(world, service, edit, team), team);
  return () => {
    if (before !== undefined && service.taskDefinition !== before.arn)
      deployRevision(world, service, before, team);
  };
};

const scale = (world: WorldState, desiredCount: number): void => {
  const service = serviceNamed(world, authService);
  service.desiredCount = desiredCount;
  trailUpdate(world, service, { desiredCount }, "cost-saver");
};

export const authServiceFaults: readonly Fault[] = [
  {
    id: "auth-deployed-broken",
    title: "A release of the auth service lost the address of its key store and answers 500",
    system: "auth service",
    ...undoable((world) =>
      release(world, "3b9e1c4", { trouble: "key_store_unavailable" }, (container) => {
        container.environment = container.environment.filter(
          (variable) => variable.name !== "KEY_STORE_URL",
        );
      }),
    ),
    report: refused,
  },
  {
    id: "auth-scaled-to-zero",
    title: "Somebody scaled the auth service to zero",
    system: "auth service",
    ...undoable((world) => {
      scale(world, 0);
      return () => scale(world, 1);
    }),
    report: refused,
  },
  {
    id: "auth-release-rolled-back",
    title: "A release of the auth service crashed, and its circuit breaker rolled it back",
    system: "auth service",
    ...undoable((world) => {
      const { deploymentConfiguration } = serviceNamed(world, authService);
      const { deploymentCircuitBreaker } = deploymentConfiguration;
      deploymentConfiguration.deploymentCircuitBreaker = { enable: true, rollback: true };
      const crash = "ModuleNotFoundError: No module named 'auth.scopes'";
      const back = release(world, "b41d702", { crash });
      return () => {
        deploymentConfiguration.deploymentCircuitBreaker = deploymentCircuitBreaker;
        back();
      };
    }),
    report: unwell,
  },
  {
    id: "auth-service-renamed",
    title: "The auth service runs under another name than hokusai.yaml has",
    system: "catalogue",
    ...undoable((world) => {
      const rename = (from: string, to: string): void => {
        const service = serviceNamed(world, from);
        service.name = to;
        service.arn = service.arn.replace(`/${from}`, `/${to}`);
        for (const task of world.ecs.tasks)
          if (task.group === `service:${from}`) task.group = `service:${to}`;
      };
      rename(authService, "hokusai-identity-development");
      return () => rename("hokusai-identity-development", authService);
    }),
    report: unwell,
  },
];
