import { vpcId } from "../world/initial/network.ts";
import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

const switchedOff = (attribute: "enableDnsSupport" | "enableDnsHostnames") =>
  undoable((world) => {
    const vpc = world.ec2.vpcs.find((one) => one.vpcId === vpcId);
    if (vpc === undefined) return null;
    vpc[attribute] = false;
    appendTrail(world, {
      eventName: "ModifyVpcAttribute",
      eventSource: "ec2.amazonaws.com",
      username: "platform-admin",
      resources: [{ resourceType: "AWS::EC2::VPC", resourceName: vpcId }],
      requestParameters: { vpcId, [attribute]: { value: false } },
    });
    return () => void (vpc[attribute] = true);
  });

export const dnsSupportOff: Fault = {
  id: "dns-support-off",
  title: "The VPC's DNS support was switched off: no name resolves inside it",
  system: "VPC",
  ...switchedOff("enableDnsSupport"),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};

export const dnsHostnamesOff: Fault = {
  id: "dns-hostnames-off",
  title: "The VPC's DNS hostnames were switched off: its private names are gone",
  system: "VPC",
  ...switchedOff("enableDnsHostnames"),
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
