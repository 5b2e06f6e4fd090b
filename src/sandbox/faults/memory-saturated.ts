import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const memorySaturated: Fault = {
  id: "memory-saturated",
  title: "A release that leaks: its tasks are near their memory limit",
  system: "metrics",
  apply: (world) => releaseApi(world, "c9d2e51", { usage: { cpu: 9, memory: 95 } }),
  heal: returnToGoodRevision,
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
