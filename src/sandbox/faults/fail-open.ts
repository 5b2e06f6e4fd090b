import { targetGroupArns } from "../world/initial/balancers.ts";
import { trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** A load balancer without a healthy target sends to all of them. */
export const failOpen: Fault = {
  id: "fail-open",
  title:
    "The health check wants a code that the API never sends: every target is unhealthy, and requests are answered",
  system: "ALB",
  ...undoable((world) => {
    const group = world.elb.targetGroups.find((one) => one.arn === targetGroupArns.api);
    if (group === undefined) return null;
    const { matcher } = group;
    group.matcher = "204";
    trailOfBalancer(world, "ModifyTargetGroup", "TargetGroup", group.arn, { matcher: "204" });
    return () => void (group.matcher = matcher);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
