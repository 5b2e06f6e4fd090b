import { predictUrl } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const databaseDown: Fault = {
  id: "database-down",
  title: "The API's database refuses connections",
  system: "database",
  apply: (world) => {
    world.database.mode = "stopped";
  },
  heal: (world) => {
    world.database.mode = "running";
  },
  report: { symptom: "5xx", url: predictUrl, method: "POST", minutesAgo: 20 },
};
