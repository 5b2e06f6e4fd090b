import { serviceNamed } from "../world/state.ts";
import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const releaseFailed: Fault = {
  id: "release-failed",
  title: "A release that crashed; the circuit breaker stopped it and rolled nothing back",
  system: "ECS service",
  apply: (world) => {
    const { deploymentConfiguration } = serviceNamed(world, apiService);
    deploymentConfiguration.deploymentCircuitBreaker = { enable: true, rollback: false };
    releaseApi(world, "e5510fd", {
      crash: {
        file: "/app/src/api/main.py",
        line: 31,
        code: "from src.api.routers import billing",
        error: "ModuleNotFoundError: No module named 'src.api.routers.billing'",
      },
    });
  },
  heal: (world) => {
    const { deploymentConfiguration } = serviceNamed(world, apiService);
    deploymentConfiguration.deploymentCircuitBreaker = { enable: false, rollback: false };
    returnToGoodRevision(world);
  },
  report: timeoutReport,
};
