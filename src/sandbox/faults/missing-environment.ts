import { deployRevision, registerRevision } from "../world/deploy.ts";
import { serviceNamed } from "../world/state.ts";
import { returnToGoodRevision } from "./deployment.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const missingEnvironment: Fault = {
  id: "missing-environment",
  title: "A revision without HUGGINGFACE_API_KEY",
  system: "task definition",
  apply: (world) => {
    const service = serviceNamed(world, apiService);
    const revision = registerRevision(world, service, (container) => {
      container.secrets = container.secrets.filter((one) => one.name !== "HUGGINGFACE_API_KEY");
    });
    deployRevision(world, service, revision);
  },
  heal: returnToGoodRevision,
  report: timeoutReport,
};
