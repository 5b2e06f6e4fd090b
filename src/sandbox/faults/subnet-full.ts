import { subnetIds } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { restartTasks } from "./deployment.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const subnetFull: Fault = {
  id: "subnet-full",
  title: "A batch fleet took every address of the tasks' subnets, and the tasks were restarted",
  system: "subnets",
  ...undoable((world) => {
    const subnets = world.ec2.subnets.filter((one) =>
      (subnetIds.private as readonly string[]).includes(one.subnetId),
    );
    const before = subnets.map((one) => one.availableIpAddressCount);
    for (const subnet of subnets) {
      subnet.availableIpAddressCount = 0;
      subnet.contended = true;
    }
    appendTrail(world, {
      eventName: "CreateFleet",
      eventSource: "ec2.amazonaws.com",
      username: "batch-platform",
      resources: subnets.map((one) => ({
        resourceType: "AWS::EC2::Subnet",
        resourceName: one.subnetId,
      })),
      requestParameters: { targetCapacity: 480 },
    });
    restartTasks(world);
    return () => {
      for (const [index, subnet] of subnets.entries()) {
        subnet.availableIpAddressCount = before[index] ?? 0;
        delete subnet.contended;
      }
    };
  }),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
