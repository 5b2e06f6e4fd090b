import { targetGroupArns } from "../world/initial/balancers.ts";
import { apiTargets, trailOfBalancer } from "./edits.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const targetDeregistered: Fault = {
  id: "target-deregistered",
  title: "A running task was taken out of the target group by hand",
  system: "ALB",
  ...undoable((world) => {
    const [target] = apiTargets(world);
    if (target === undefined) return null;
    world.elb.targets = world.elb.targets.filter((one) => one !== target);
    trailOfBalancer(world, "DeregisterTargets", "TargetGroup", targetGroupArns.api);
    return () => void world.elb.targets.push(target);
  }),
  report: timeoutReport,
};
