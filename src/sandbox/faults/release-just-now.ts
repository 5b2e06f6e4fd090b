import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** Nothing is wrong: that something was deployed is no proof of a fault. */
export const releaseJustNow: Fault = {
  id: "release-just-now",
  title: "A release of two minutes ago that works",
  system: "ECS service",
  apply: (world) => releaseApi(world, "77aa01c", {}),
  heal: returnToGoodRevision,
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 2 },
};
