import { timeoutReport } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const authUnreachable: Fault = {
  id: "auth-unreachable",
  title: "The auth service accepts connections and never answers",
  system: "auth service",
  apply: (world) => {
    world.auth.mode = "hanging";
  },
  heal: (world) => {
    world.auth.mode = "running";
  },
  report: timeoutReport,
};
