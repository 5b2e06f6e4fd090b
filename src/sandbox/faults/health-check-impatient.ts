import { targetGroupArns } from "../world/initial/balancers.ts";
import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { trailOfBalancer } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const group = undoable((world) => {
  const found = world.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
  if (found === undefined) return null;
  const { healthCheckTimeoutSeconds, healthCheckIntervalSeconds, unhealthyThresholdCount } = found;
  Object.assign(found, {
    healthCheckTimeoutSeconds: 1,
    healthCheckIntervalSeconds: 5,
    unhealthyThresholdCount: 2,
  });
  trailOfBalancer(world, "ModifyTargetGroup", "TargetGroup", found.arn);
  return () =>
    void Object.assign(found, {
      healthCheckTimeoutSeconds,
      healthCheckIntervalSeconds,
      unhealthyThresholdCount,
    });
});

export const healthCheckImpatient: Fault = {
  id: "health-check-impatient",
  title: "The health check gives up after a second, and /health now asks the database first",
  system: "ALB",
  apply: (world) => {
    group.apply(world);
    releaseApi(world, "1b6c9f0", { healthDelayMs: 120 });
  },
  heal: (world) => {
    group.heal(world);
    returnToGoodRevision(world);
  },
  report: timeoutReport,
};
