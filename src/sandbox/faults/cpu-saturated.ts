import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const cpuSaturated: Fault = {
  id: "cpu-saturated",
  title: "A release that uses all of its cpu, so that each answer takes longer",
  system: "metrics",
  apply: (world) =>
    releaseApi(world, "a40b7d3", {
      usage: { cpu: 97, memory: 44 },
      workSeconds: 1.3,
    }),
  heal: returnToGoodRevision,
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
