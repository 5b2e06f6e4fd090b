import { appendTrail } from "../world/state.ts";
import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const dnsResolution: Fault = {
  id: "dns-resolution",
  title: "The record of api.hokus.ai was deleted",
  system: "external DNS",
  ...undoable((world) => {
    const { records } = world.dns;
    world.dns.records = records.filter((record) => record.name !== "api.hokus.ai");
    appendTrail(world, {
      eventName: "ChangeResourceRecordSets",
      eventSource: "route53.amazonaws.com",
      username: "platform-admin",
      requestParameters: {
        changeBatch: { changes: [{ action: "DELETE", name: "api.hokus.ai." }] },
      },
    });
    return () => void (world.dns.records = records);
  }),
  report: { symptom: "connection", url: predictUrl, method: "POST", minutesAgo: 20 },
};
