import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { undoable } from "./undo.ts";

export const edgeBlocked: Fault = {
  id: "edge-blocked",
  title: "A firewall rule in front of the load balancer blocks POST requests",
  system: "edge",
  ...undoable((world) => {
    world.firewall.blocks = [{ host: "api.hokus.ai", methods: ["POST"] }];
    return () => void (world.firewall.blocks = []);
  }),
  report: { symptom: "403", url: predictUrl, method: "POST", minutesAgo: 20 },
};
