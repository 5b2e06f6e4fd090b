/** Releases of the API that start, pass their health checks, and answer callers otherwise than before. */
import { goodApiProgram } from "../../world/initial/services.ts";
import type { ApiProgram } from "../../world/state.ts";
import { releaseApi, returnToGoodRevision } from "../deployment.ts";
import { predictUrl } from "../fault.ts";
import type { Fault, Report } from "../fault.ts";

const release = (
  id: string,
  title: string,
  symptom: Report["symptom"],
  change: Partial<ApiProgram>,
  system = "API",
): Fault => ({
  id,
  title,
  system,
  apply: (world) => releaseApi(world, `r-${id}`, change),
  heal: returnToGoodRevision,
  report: { symptom, url: predictUrl, method: "POST", minutesAgo: 20 },
});

export const releases: readonly Fault[] = [
  release("caller-throttled", "A release allows each key one request a minute", "429", {
    rateLimit: 1,
  }),
  release(
    "slow-cold-load",
    "A release drops models that are idle for a second, and loading one takes long",
    "timeout",
    { coldLoadSeconds: 2.5, keepLoadedSeconds: 1 },
  ),
  release(
    "loads-on-first-use",
    "A release whose tasks load a model when it is first asked for",
    "timeout",
    {
      coldLoadSeconds: 2.5,
    },
  ),
  release(
    "descriptions-slow",
    "A release that reads a model's card from the hub whenever it is described",
    "other",
    { describeSeconds: 2.6 },
  ),
  release(
    "uuid-router-first",
    "A release includes the UUID router before the string router",
    "other",
    { routers: goodApiProgram("").routers.toReversed() },
    "route registration",
  ),
  release(
    "predict-path-missing",
    "A release lost both routers of the prediction path",
    "404",
    { routers: [] },
    "route registration",
  ),
];
