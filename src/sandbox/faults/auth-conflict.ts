import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const authConflict: Fault = {
  id: "auth-conflict",
  title: "A release whose endpoint refuses keys that the middleware accepted",
  system: "auth middleware",
  apply: (world) => releaseApi(world, "aa07e54", { endpointAuth: true }),
  heal: returnToGoodRevision,
  report: { symptom: "401", url: predictUrl, method: "POST", minutesAgo: 20 },
};
