import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const discoveryStale: Fault = {
  id: "discovery-stale",
  title: "Cloud Map still lists the address of a task that is gone",
  system: "service discovery",
  ...undoable((world) => {
    const instance = world.cloudMap.services.flatMap((one) => one.instances)[0];
    if (instance === undefined) return null;
    const { attributes } = instance;
    instance.attributes = { ...attributes, AWS_INSTANCE_IPV4: "10.0.4.252" };
    return () => void (instance.attributes = attributes);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
