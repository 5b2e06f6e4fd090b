import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const dnsOtherBalancer: Fault = {
  id: "dns-other-balancer",
  title: "The record of api.hokus.ai leads to the load balancer of the data platform",
  system: "external DNS",
  ...undoable((world) => {
    const record = world.dns.records.find((one) => one.name === "api.hokus.ai");
    if (record === undefined || !("target" in record)) return null;
    const { target } = record;
    record.target = "hokusai-dp-development-662041877.us-east-1.elb.amazonaws.com";
    return () => void (record.target = target);
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
