import { releaseApi, returnToGoodRevision } from "./deployment.ts";
import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const portMismatch: Fault = {
  id: "port-mismatch",
  title: "A release that listens on 8000, while everything else expects 8001",
  system: "tasks",
  apply: (world) => releaseApi(world, "41c0d9b", { port: 8000 }),
  heal: returnToGoodRevision,
  report: timeoutReport,
};
