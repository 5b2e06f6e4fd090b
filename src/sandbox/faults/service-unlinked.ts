import { targetGroupArns } from "../world/initial/balancers.ts";
import { serviceNamed } from "../world/state.ts";
import { apiTargets, trailOfBalancer } from "./edits.ts";
import { apiService } from "./fault.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const serviceUnlinked: Fault = {
  id: "service-unlinked",
  title: "The service lost its target group, and another host was registered in it",
  system: "ECS service",
  ...undoable((world) => {
    const service = serviceNamed(world, apiService);
    const { loadBalancers } = service;
    const own = apiTargets(world);
    service.loadBalancers = [];
    world.elb.targets = world.elb.targets.filter((one) => !own.includes(one));
    world.elb.targets.push({
      targetGroupArn: targetGroupArns.api,
      id: "10.0.20.15",
      port: 6379,
      availabilityZone: "us-east-1a",
      state: "initial",
      reason: "Elb.RegistrationInProgress",
      registeredAt: world.now(),
    });
    trailOfBalancer(world, "RegisterTargets", "TargetGroup", targetGroupArns.api);
    return () => {
      service.loadBalancers = loadBalancers;
      world.elb.targets = [...world.elb.targets.filter((one) => one.id !== "10.0.20.15"), ...own];
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
