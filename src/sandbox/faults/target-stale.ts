import { targetGroupArns } from "../world/initial/balancers.ts";
import { trailOfBalancer } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const targetStale: Fault = {
  id: "target-stale",
  title: "An address that no task has was registered by hand",
  system: "ALB",
  ...undoable((world) => {
    const id = "10.0.4.251";
    world.elb.targets.push({
      targetGroupArn: targetGroupArns.api,
      id,
      port: 8001,
      availabilityZone: "us-east-1a",
      state: "unhealthy",
      reason: "Target.Timeout",
      description: "Request timed out",
      registeredAt: world.now(),
    });
    trailOfBalancer(world, "RegisterTargets", "TargetGroup", targetGroupArns.api);
    return () => void (world.elb.targets = world.elb.targets.filter((one) => one.id !== id));
  }),
  report: timeoutReport,
};
