import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const dnsElsewhere: Fault = {
  id: "dns-elsewhere",
  title: "The record of api.hokus.ai leads to the website",
  system: "external DNS",
  ...undoable((world) => {
    const record = world.dns.records.find((one) => one.name === "api.hokus.ai");
    if (record === undefined || !("target" in record)) return null;
    const { target } = record;
    record.target = "hokus.ai";
    return () => void (record.target = target);
  }),
  report: { symptom: "404", url: predictUrl, method: "POST", minutesAgo: 20 },
};
