import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const discoveryEmpty: Fault = {
  id: "discovery-empty",
  title: "Every instance was deregistered from Cloud Map",
  system: "service discovery",
  ...undoable((world) => {
    const [service] = world.cloudMap.services;
    if (service === undefined) return null;
    const { instances } = service;
    service.instances = [];
    appendTrail(world, {
      eventName: "DeregisterInstance",
      eventSource: "servicediscovery.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::ServiceDiscovery::Service", resourceName: service.arn }],
      requestParameters: { serviceId: service.id },
    });
    return () => void (service.instances = instances);
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
