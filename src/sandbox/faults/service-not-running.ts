import { trailUpdate } from "../world/deploy.ts";
import { serviceNamed } from "../world/state.ts";
import type { WorldState } from "../world/state.ts";
import { apiService, timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

const scale = (world: WorldState, desiredCount: number): void => {
  const service = serviceNamed(world, apiService);
  if (service.desiredCount === desiredCount) return;
  service.desiredCount = desiredCount;
  trailUpdate(world, service, { desiredCount }, "cost-saver");
};

export const serviceNotRunning: Fault = {
  id: "service-not-running",
  title: "Somebody scaled the API service to zero",
  system: "ECS service",
  apply: (world) => scale(world, 0),
  heal: (world) => scale(world, 2),
  report: timeoutReport,
};
