import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const outOfMemory: Fault = {
  id: "out-of-memory",
  title: "A release that needs more memory than its tasks have: the kernel kills it",
  system: "tasks",
  apply: (world) => releaseApi(world, "3f7ab20", { memoryMib: 2600 }),
  heal: returnToGoodRevision,
  report: timeoutReport,
};
