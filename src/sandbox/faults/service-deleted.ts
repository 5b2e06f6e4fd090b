import { trailUpdate } from "../world/deploy.ts";
import { serviceNamed } from "../world/state.ts";
import { apiService } from "./fault.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const serviceDeleted: Fault = {
  id: "service-deleted",
  title: "The ECS service was deleted",
  system: "ECS service",
  ...undoable((world) => {
    const service = serviceNamed(world, apiService);
    service.status = "INACTIVE";
    trailUpdate(world, service, {}, "platform-admin");
    const event = world.trail.findLast((one) => one.eventName === "UpdateService");
    if (event !== undefined) event.eventName = "DeleteService";
    return () => void (service.status = "ACTIVE");
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
