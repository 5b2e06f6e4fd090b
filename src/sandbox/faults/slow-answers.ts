import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const slowAnswers: Fault = {
  id: "slow-answers",
  title: "A release that answers each prediction after a second and a half",
  system: "metrics",
  apply: (world) => releaseApi(world, "8e1f6a4", { workSeconds: 1.5 }),
  heal: returnToGoodRevision,
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
