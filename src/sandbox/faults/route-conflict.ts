import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const routeConflict: Fault = {
  id: "route-conflict",
  title: "A release that no longer registers POST on the predict path",
  system: "route registration",
  apply: (world) =>
    releaseApi(world, "b83f6aa", {
      routers: [
        {
          name: "model_serving",
          parameter: "str",
          methods: { predict: ["GET"], info: true, health: true },
        },
      ],
    }),
  heal: returnToGoodRevision,
  report: { symptom: "405", url: predictUrl, method: "POST", minutesAgo: 20 },
};
