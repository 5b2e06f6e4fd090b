import type { Fault } from "./fault.ts";

export const healthy: Fault = {
  id: "healthy",
  title: "Nothing is wrong",
  system: "none",
  apply: () => undefined,
  heal: () => undefined,
};
