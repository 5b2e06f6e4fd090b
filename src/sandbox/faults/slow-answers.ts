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

/** As slow, and for so long that it is what everybody is used to. */
export const slowForHours: Fault = {
  ...slowAnswers,
  id: "slow-for-hours",
  title: "Each prediction takes a second and a half, since a release four hours ago",
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 240 },
};
