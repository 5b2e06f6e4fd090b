import { deployRevision, registerRevision } from "../world/deploy.ts";
import { repositoryUri } from "../world/initial/services.ts";
import { serviceNamed } from "../world/state.ts";
import { returnToGoodRevision } from "./deployment.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const imageOrSecretPull: Fault = {
  id: "image-or-secret-pull",
  title: "A revision whose image tag was never pushed",
  system: "task definition",
  apply: (world) => {
    const service = serviceNamed(world, apiService);
    const revision = registerRevision(world, service, (container) => {
      container.image = `${repositoryUri}/hokusai-api:e7710bd`;
    });
    deployRevision(world, service, revision);
  },
  heal: returnToGoodRevision,
  report: timeoutReport,
};
