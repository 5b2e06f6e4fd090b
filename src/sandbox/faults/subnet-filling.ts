import { subnetIds } from "../world/initial/network.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

/** Tasks that have their address go on. */
export const subnetFilling: Fault = {
  id: "subnet-filling",
  title:
    "One of the tasks' two subnets has no free address left: nobody feels it before the next start",
  system: "subnets",
  ...undoable((world) => {
    const subnet = world.ec2.subnets.find((one) => one.subnetId === subnetIds.private[1]);
    if (subnet === undefined) return null;
    const before = subnet.availableIpAddressCount;
    subnet.availableIpAddressCount = 0;
    subnet.contended = true;
    return () => {
      subnet.availableIpAddressCount = before;
      delete subnet.contended;
    };
  }),
  report: { symptom: "other", url: predictUrl, method: "POST", minutesAgo: 20 },
};
