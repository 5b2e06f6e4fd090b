import { serviceNamed } from "../world/state.ts";
import { releaseApi } from "./deployment.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** It is over when somebody looks: only the service's deployments still tell of it. */
export const releaseRolledBack: Fault = {
  id: "release-rolled-back",
  title: "A release that crashed and was rolled back by the deployment circuit breaker",
  system: "ECS service",
  apply: (world) => {
    const { deploymentConfiguration } = serviceNamed(world, apiService);
    deploymentConfiguration.deploymentCircuitBreaker = { enable: true, rollback: true };
    releaseApi(world, "9d41c2e", {
      crash: {
        file: "/app/src/api/endpoints/model_serving.py",
        line: 14,
        code: "from src.models.registry import ModelRegistry",
        error: "ImportError: cannot import name 'ModelRegistry' from 'src.models.registry'",
      },
    });
  },
  heal: () => undefined,
  report: timeoutReport,
};
