import { listenerArns } from "../world/initial/balancers.ts";
import { trailOfBalancer } from "./edits.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const listenerDeleted: Fault = {
  id: "listener-deleted",
  title: "The HTTPS listener was deleted",
  system: "ALB",
  ...undoable((world) => {
    const listener = world.elb.listeners.find((one) => one.arn === listenerArns.mainHttps);
    if (listener === undefined) return null;
    world.elb.listeners = world.elb.listeners.filter((one) => one !== listener);
    trailOfBalancer(world, "DeleteListener", "Listener", listener.arn);
    return () => void world.elb.listeners.push(listener);
  }),
  report: { symptom: "connection", url: predictUrl, method: "POST", minutesAgo: 20 },
};
